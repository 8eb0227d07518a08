//! A server with users who are logged in.

use load::process::{Server, Settings};

use crate::Outcome;
use crate::crowd::Client;

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery staple";

/// A running server and its clients.
pub struct World {
    /// The server.
    pub server: Server,
    /// One client a user, each in a session of its own.
    pub clients: Vec<Client>,
}

/// How clients call themselves: as long as what browsers send.
pub const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36";

impl World {
    /// A server on an empty database, or on the one that is named, with so many users logged in.
    ///
    /// # Errors
    /// The server does not start, or does not know a user.
    pub async fn with(users: usize, database: Option<String>) -> Outcome<Self> {
        let mut server = Server::new(settings(database))?;
        server.start().await?;
        let mut world = Self {
            server,
            clients: Vec::new(),
        };
        world.welcome(users).await?;
        Ok(world)
    }

    /// Adds users and logs them in.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn welcome(&mut self, users: usize) -> Outcome<()> {
        for user in 0..users {
            let name = format!("bench{user}");
            let add = ["user", "add", &name, "--password-stdin"];
            self.server.command(&add, Some(PASSWORD)).await?;
            let mut client = Client::new(self.server.address(), &name);
            client.log_in().await?;
            self.clients.push(client);
        }
        Ok(())
    }

    /// The process.
    ///
    /// # Errors
    /// It has ended.
    pub fn pid(&self) -> Outcome<u32> {
        Ok(self.server.pid().ok_or("the server has ended")?)
    }
}

/// What is shipped, but for tokens that outlive the run.
fn settings(database: Option<String>) -> Settings {
    let mut settings = Settings::from([
        ("JOTWARD_ACCESS_TOKEN_LIFETIME".to_owned(), "1h".to_owned()),
        ("JOTWARD_THROTTLE".to_owned(), "off".to_owned()),
    ]);
    if let Some(url) = database {
        settings.insert("JOTWARD_DATABASE_URL".to_owned(), url);
    }
    settings
}
