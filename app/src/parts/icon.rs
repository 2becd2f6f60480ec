//! Icons: exactly those the words and the navigation use, drawn inline by the server.

use crate::safe::Drawing;
use leptos::prelude::*;

macro_rules! icons {
    ($($name:ident = $lucide:ident),+ $(,)?) => {
        /// An icon of the Lucide set, by its own name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum IconName { $($name),+ }

        impl IconName {
            #[cfg(test)]
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The drawing, 24 by 24.
            pub fn drawing(self) -> icondata::Icon {
                match self { $(Self::$name => icondata::$lucide),+ }
            }
        }
    };
}

icons! {
    Activity = LuActivity,
    Archive = LuArchive,
    BadgeCheck = LuBadgeCheck,
    Ban = LuBan,
    BellRing = LuBellRing,
    BookOpen = LuBookOpen,
    Boxes = LuBoxes,
    CalendarClock = LuCalendarClock,
    CalendarX = LuCalendarX,
    Check = LuCheck,
    CheckCheck = LuCheckCheck,
    ChevronDown = LuChevronDown,
    ChevronsDown = LuChevronsDown,
    ChevronsUp = LuChevronsUp,
    CircleAlert = LuCircleAlert,
    CircleCheck = LuCircleCheck,
    CircleDashed = LuCircleDashed,
    CircleDot = LuCircleDot,
    CircleHelp = LuCircleHelp,
    CircleMinus = LuCircleMinus,
    CirclePlay = LuCirclePlay,
    CircleSlash = LuCircleSlash,
    ClipboardCheck = LuClipboardCheck,
    Equal = LuEqual,
    EqualNot = LuEqualNot,
    EyeOff = LuEyeOff,
    FileInput = LuFileInput,
    FileSearch = LuFileSearch,
    Flag = LuFlag,
    FlaskConical = LuFlaskConical,
    Gauge = LuGauge,
    History = LuHistory,
    Hourglass = LuHourglass,
    House = LuHouse,
    Lightbulb = LuLightbulb,
    Link = LuLink,
    LogIn = LuLogIn,
    LogOut = LuLogOut,
    Menu = LuMenu,
    Microscope = LuMicroscope,
    Monitor = LuMonitor,
    Moon = LuMoon,
    OctagonAlert = LuOctagonAlert,
    OctagonX = LuOctagonX,
    Plus = LuPlus,
    Radio = LuRadio,
    RotateCcw = LuRotateCcw,
    Rows = LuRows3,
    Scale = LuScale,
    Search = LuSearch,
    ShieldAlert = LuShieldAlert,
    ShieldCheck = LuShieldCheck,
    ShieldX = LuShieldX,
    SignalZero = LuSignalZero,
    Snowflake = LuSnowflake,
    Sun = LuSun,
    TimerOff = LuTimerOff,
    TrendingUp = LuTrendingUp,
    TriangleAlert = LuTriangleAlert,
    Undo2 = LuUndo2,
    Unlink = LuUnlink,
    UserRound = LuUserRound,
    Users = LuUsers,
    Wrench = LuWrench,
}

/// A drawn symbol beside its word, 16 px unless told; it is never the only sign.
#[component]
pub fn Icon(of: IconName, #[prop(default = 16)] size: u16) -> impl IntoView {
    view! { <Drawing icon=of.drawing() size=size/> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn an_icon_is_hidden_from_screen_readers_and_takes_the_text_colour() {
        let html = Owner::new().with(|| view! { <Icon of=IconName::Flag/> }.to_html());
        assert!(html.contains("aria-hidden=\"true\""), "{html}");
        assert!(html.contains("stroke=\"currentColor\""), "{html}");
        assert!(html.contains("width=\"16\""), "{html}");
        assert!(html.contains("<path"), "{html}");
    }

    #[test]
    fn no_two_names_share_a_drawing() {
        let drawings: HashSet<_> = IconName::ALL.iter().map(|n| n.drawing().data).collect();
        assert_eq!(drawings.len(), IconName::ALL.len());
    }
}
