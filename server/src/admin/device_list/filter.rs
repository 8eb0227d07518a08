//! The filter of the list of devices, as its address says it.

use crate::admin::list::{Asked, More, Read};
use crate::device::Kind;
use crate::network::Block;
use crate::store::{DeviceFilter, Result, Search, Sought, Store, among};

/// The most users a name stands for.
const USERS: usize = 20;

/// The most devices an address stands for.
const DEVICES: usize = 500;

/// Reads the filter; what is wrong with it is noted in `asked`. At most one statement.
///
/// # Errors
/// The database is out of reach.
pub async fn read(store: &Store, asked: &mut Asked<'_>) -> Result<Read<DeviceFilter>> {
    let none = "This is none of the choices.";
    let filter = DeviceFilter {
        ids: asked.text("device").map(|id| vec![id.to_ascii_lowercase()]),
        users: asked.number("user").map(|id| vec![id]),
        kind: asked.read("type", Kind::parse, none),
        from: asked.day("from"),
        until: asked.end_of_day("until"),
        ..DeviceFilter::default()
    };
    let (address, search) = (asked.block("address"), asked.search());
    if asked.is_wrong() {
        return Ok(Read { filter, more: None });
    }
    match (address, search) {
        (_, Search::Address(block)) => used_from(store, filter, block).await,
        (None, Search::Words(text)) => named(store, filter, text).await,
        (None, search) => Ok(found(filter, search)),
        (Some(block), search) => used_from(store, found(filter, search).filter, block).await,
    }
}

/// What a search means that nothing must be asked for.
fn found(filter: DeviceFilter, search: Search) -> Read<DeviceFilter> {
    let filter = match search {
        Search::Id(id) => DeviceFilter {
            either: Some(id.to_string()),
            ..filter
        },
        Search::Token(jti) => DeviceFilter {
            token: Some(jti),
            ..filter
        },
        Search::Words(text) => DeviceFilter {
            of_user_beginning: Some(text),
            ..filter
        },
        Search::Everything | Search::Address(_) => filter,
    };
    Read { filter, more: None }
}

async fn named(store: &Store, filter: DeviceFilter, text: String) -> Result<Read<DeviceFilter>> {
    let sought = store.seek_up_to(Search::Words(text), USERS).await?;
    Ok(match sought {
        Sought::Users { ids, more } => Read {
            filter: DeviceFilter {
                users: Some(among(filter.users.as_deref(), &ids)),
                ..filter
            },
            more: more.then_some(More(USERS, "users")),
        },
        Sought::Token(jti) => found(filter, Search::Token(jti)),
        // No device's name is shortened.
        Sought::Ending(_) => Read {
            filter: DeviceFilter {
                users: Some(Vec::new()),
                ..filter
            },
            more: None,
        },
        Sought::Everything | Sought::Address(_) | Sought::Id(_) => Read { filter, more: None },
    })
}

async fn used_from(
    store: &Store,
    filter: DeviceFilter,
    block: Block,
) -> Result<Read<DeviceFilter>> {
    let used = store.devices_in(block).await?;
    let chosen = filter.ids;
    let ids = used.ids.into_iter();
    let ids = ids.filter(|id| chosen.as_ref().is_none_or(|chosen| chosen.contains(id)));
    Ok(Read {
        filter: DeviceFilter {
            ids: Some(ids.collect()),
            ..filter
        },
        more: used.more.then_some(More(DEVICES, "devices")),
    })
}
