//! The state of the lab's page: which scene is chosen, how far it is, and a mark that moves whenever the stage has something
//! new to show. The stage itself is the browser's, and is made when the page comes alive.

use std::rc::Rc;

use futures_util::future::{AbortHandle, abortable};
use leptos::html::Div;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use crate::browser;
use crate::lab::cast::Cast;
use crate::lab::gate::Pace;
use crate::lab::scenes::Scene;
use crate::lab::stage::{Stage, sentence};

/// How often the registry is looked at while nothing happens here, in seconds.
const BETWEEN_GLANCES: u64 = 3;

/// How long access tokens live at least where somebody reads between two requests, in seconds.
const FOR_READERS: u32 = 60;

/// The ids of the parts of the page it moves to.
pub const SCENES: &str = "scenes";
pub const CONTROLS: &str = "controls";
/// The id of what chooses how long access tokens live.
pub const LIFETIME: &str = "lifetime";
/// The id of what says how long the server lets access tokens live.
pub const LAB: &str = "lab";

thread_local! {
    // A page is one thread with one stage; signals can not hold it, because they may go from thread to thread.
    static STAGE: std::cell::OnceCell<Rc<Stage>> = const { std::cell::OnceCell::new() };
    static SCENE: std::cell::RefCell<Option<AbortHandle>> = const { std::cell::RefCell::new(None) };
}

/// How far the chosen scene is.
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum Act {
    /// It was not played yet.
    Ready,
    /// It is being played.
    Playing,
    /// It was given up in the middle.
    Stopped,
    /// It was played to its end.
    Over,
}

/// The state of the page.
#[derive(Clone, Copy)]
pub struct Bench {
    /// Whether the island is alive.
    pub is_alive: RwSignal<bool>,
    /// Whether somebody is in.
    pub is_open: RwSignal<bool>,
    /// Whether a login is under way.
    pub is_entering: RwSignal<bool>,
    /// What was wrong with the login; empty while nothing is.
    pub trouble: RwSignal<String>,
    /// The scene that is chosen.
    pub scene: RwSignal<Scene>,
    /// How far it is.
    pub act: RwSignal<Act>,
    /// Whether it goes on by itself.
    pub pace: RwSignal<Pace>,
    /// How long the server lets access tokens live, in seconds.
    pub longest: RwSignal<u64>,
    /// Moves whenever there is something new to see.
    pub mark: RwSignal<u32>,
    /// The time, in milliseconds; moves every second.
    pub now: RwSignal<u64>,
    /// Where the stage is shown.
    pub stage: NodeRef<Div>,
}

impl Bench {
    /// A page that is not alive yet.
    pub fn new() -> Self {
        Self {
            is_alive: RwSignal::new(false),
            is_open: RwSignal::new(false),
            is_entering: RwSignal::new(false),
            trouble: RwSignal::default(),
            scene: RwSignal::new(Scene::Expiry),
            act: RwSignal::new(Act::Ready),
            pace: RwSignal::new(Pace::Play),
            longest: RwSignal::new(u64::MAX),
            mark: RwSignal::new(0),
            now: RwSignal::new(0),
            stage: NodeRef::new(),
        }
    }

    /// Brings the page to life.
    pub fn wake(self) {
        STAGE.with(|stage| {
            let changed = move || self.mark.update(|mark| *mark = mark.wrapping_add(1));
            let _ = stage.set(Rc::new(Stage::new(changed))); // a page wakes once
        });
        let longest = browser::element(LAB).and_then(|lab| lab.get_attribute("data-longest"));
        if let Some(seconds) = longest.and_then(|seconds| seconds.parse().ok()) {
            self.longest.set(seconds);
        }
        self.now.set(browser::now());
        browser::every_second(move || {
            let now = browser::now();
            self.now.set(now);
            if self.is_open.get_untracked() && (now / 1_000).is_multiple_of(BETWEEN_GLANCES) {
                spawn_local(async { stage().glance().await });
            }
        });
        window_event_listener_untyped("pagehide", move |_| {
            self.stop();
            stage().abandon();
            self.is_open.set(false); // a page that comes back out of the history begins anew
        });
        self.is_alive.set(true);
    }

    /// Whether the chosen scene is being played.
    pub fn is_playing(self) -> bool {
        self.act.get() == Act::Playing
    }

    /// The place of the chosen scene in the page.
    pub fn number(self) -> usize {
        let scene = self.scene.get();
        Scene::ALL
            .iter()
            .position(|other| *other == scene)
            .unwrap_or(0)
    }

    /// Who plays in the scene on the stage.
    pub fn cast(self) -> Cast {
        self.mark.track();
        stage().cast()
    }

    /// Lets somebody in.
    pub fn enter(self, username: String, password: String) {
        self.trouble.set(String::new());
        self.is_entering.set(true);
        spawn_local(async move {
            match stage().enter(username, password).await {
                Ok(()) => {
                    stage().begin(self.scene.get_untracked().cast());
                    self.act.set(Act::Ready);
                    self.build();
                    self.is_open.set(true);
                    go_on(SCENES); // the form that had the focus is gone
                }
                Err(failure) => self.trouble.set(sentence(failure)),
            }
            self.is_entering.set(false);
        });
    }

    /// Builds what shows the stage, once.
    fn build(self) {
        if let Some(place) = self.stage.get_untracked()
            && place.child_element_count() == 0
        {
            mount_to(place.unchecked_into(), move || super::stage(self)).forget();
        }
    }

    /// Ends every session of the lab, and shows the entrance again.
    pub fn leave(self) {
        self.stop();
        self.act.set(Act::Ready);
        self.is_open.set(false);
        spawn_local(async move { stage().leave().await });
    }

    /// Chooses a scene; one that is being played is given up.
    pub fn choose(self, scene: Scene) {
        self.stop();
        self.act.set(Act::Ready);
        self.scene.set(scene);
        if self.is_open.get_untracked() {
            stage().begin(scene.cast());
        }
    }

    /// Plays the chosen scene from its beginning, or lets it go on if it is being played.
    pub fn play(self, pace: Pace) {
        self.pace.set(pace);
        stage().gate.set_pace(pace);
        if self.act.get_untracked() == Act::Playing {
            return;
        }
        let scene = self.scene.get_untracked();
        let (playing, handle) = abortable(async move {
            stage().end_sessions().await;
            stage().begin(scene.cast());
            scene.play(&stage()).await;
            self.act.set(Act::Over);
        });
        SCENE.set(Some(handle));
        self.act.set(Act::Playing);
        show(CONTROLS);
        spawn_local(async move {
            let _ = playing.await; // given up is as good as over
        });
    }

    /// Lets the next request go.
    pub fn step(self) {
        if self.act.get_untracked() == Act::Playing && self.pace.get_untracked() == Pace::Step {
            stage().gate.open();
        } else {
            if (1..FOR_READERS).contains(&stage().lifetime()) {
                self.give_readers_time();
            }
            self.play(Pace::Step);
        }
    }

    /// Asks for access tokens that live long enough to read between two steps, and shows so.
    fn give_readers_time(self) {
        let is_allowed = u64::from(FOR_READERS) <= self.longest.get_untracked();
        let seconds = if is_allowed { FOR_READERS } else { 0 };
        stage().set_lifetime(seconds);
        if let Some(choice) = browser::element(LIFETIME) {
            // A select has its value as an input has.
            let choice: web_sys::HtmlInputElement = choice.unchecked_into();
            choice.set_value(&seconds.to_string());
        }
    }

    /// Gives the scene up.
    pub fn stop(self) {
        if let Some(scene) = SCENE.take() {
            scene.abort();
        }
        if self.act.get_untracked() == Act::Playing {
            self.act.set(Act::Stopped);
        }
    }
}

/// Brings a part of the page to the top of the screen.
fn show(id: &str) {
    if let Some(part) = browser::element(id) {
        part.scroll_into_view();
    }
}

/// The same, and the keyboard goes on there.
fn go_on(id: &str) {
    show(id);
    if let Some(part) = browser::element(id) {
        let _ = part.focus(); // what can not be focused is left out
    }
}

/// The stage. Only for pages that are alive.
pub fn stage() -> Rc<Stage> {
    STAGE.with(|stage| Rc::clone(stage.get_or_init(|| Rc::new(Stage::new(|| {})))))
}
