//! A login comes from a device. It is put on record with the login, and where its user never used it before, although they
//! used others, that is told, or the login refused.

use crate::device::Description;
use crate::error::Result;
use crate::event::{Event, Kind};
use crate::session::Policy;
use crate::state::Server;
use crate::store::{Acquaintance, Origin, Tx, User};
use crate::token::{SessionId, UserId};

/// A device that comes with a login.
pub(crate) struct Arriving {
    user: UserId,
    device: Description,
    policy: Policy,
    event: Event,
}

impl Server {
    /// The device a login comes from.
    pub(crate) fn arriving(&self, user: &User, origin: &Origin) -> Arriving {
        let device = Description::of(&origin.user_agent, &origin.hints);
        let event = Event::new(Kind::NewDevice, self.clock.now());
        Arriving {
            user: user.user_id(),
            event: event.of(user).from(origin).detail(device.to_string()),
            device,
            policy: self.settings.watching.anomaly_new_device,
        }
    }
}

impl Arriving {
    /// Puts the device on record; answers its id. `None` when it is refused: then it stays unknown, and only that it was
    /// there is kept. `session` is what the login opens, if it is a session.
    ///
    /// # Errors
    /// [`crate::error::Error::Database`].
    pub async fn arrive(self, tx: &mut Tx, session: Option<SessionId>) -> Result<Option<String>> {
        let at = self.event.at;
        let is_new = match tx.knows_device(self.user, self.device.mark()).await? {
            Acquaintance::New => true,
            Acquaintance::Known | Acquaintance::First => false,
        };
        match self.policy {
            Policy::Notice if is_new => {
                let event = Event {
                    session,
                    ..self.event
                };
                tx.note(event.noticed()).await?;
            }
            Policy::End if is_new => {
                let detail = format!("{}, refused", self.device);
                tx.note(self.event.detail(detail).noticed()).await?;
                return Ok(None);
            }
            Policy::Ignore | Policy::Notice | Policy::End => {}
        }
        let id = tx.see_device(self.user, &self.device, at);
        Ok(Some(id.await?))
    }
}
