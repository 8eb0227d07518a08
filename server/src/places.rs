//! Where networks are, as far as a database that the operator provides says: one in the format of `MaxMind`, such as
//! GeoLite2-City. Read into memory at the start; without one nothing is known of any place.

use std::net::IpAddr;
use std::path::Path;

use maxminddb::{MaxMindDbError, Reader, geoip2};

use crate::network::Network;
use crate::session::Place;

/// What is known of places.
#[derive(Debug, Default)]
pub struct Places(Option<Reader<Vec<u8>>>);

/// A database of places that can not be used.
#[derive(Debug, thiserror::Error)]
#[error("can not read the database of places: {0}")]
pub struct PlacesError(#[from] MaxMindDbError);

impl Places {
    /// Reads the database in a file, if there is to be one.
    ///
    /// # Errors
    /// It can not be read, or is none.
    pub fn open(path: Option<&Path>) -> Result<Self, PlacesError> {
        let reader = path.map(Reader::open_readfile).transpose()?;
        Ok(Self(reader))
    }

    /// Where a network is. The first address of it stands for all: they are one provider's.
    #[must_use]
    pub fn of(&self, network: Network) -> Option<Place> {
        self.at(network.address()?)
    }

    /// Two letters for the country an address is in (ISO 3166-1); empty where that is not known.
    #[must_use]
    pub fn country(&self, address: IpAddr) -> String {
        let place = self.at(address);
        place
            .map(|place| place.country.to_string())
            .unwrap_or_default()
    }

    fn at(&self, address: IpAddr) -> Option<Place> {
        // Damage to the file is no reason to refuse anybody.
        let found = self.0.as_ref()?.lookup(address).ok()?;
        let city: geoip2::City<'_> = found.decode().ok()??;
        let country = city.country.iso_code.or(city.registered_country.iso_code)?;
        let location = city.location;
        Place::new(
            country,
            location.latitude.zip(location.longitude),
            f64::from(location.accuracy_radius.unwrap_or_default()),
        )
    }
}
