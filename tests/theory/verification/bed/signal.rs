//! The test-bed's messages.

use splitgp_sim::kernel::SimMessage;
use splitgp_sim::station::Slot;
use splitgp_sim::time::SimTime;

/// Somebody on the way through the queues.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Customer {
    /// How many came before.
    pub(crate) number: u64,
    /// When it entered the network, or stopped thinking.
    pub(crate) entered: SimTime,
}

/// What actors of the test-bed tell one another, or themselves.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Signal {
    /// The source's next gap is over.
    GapOver,
    /// A customer comes.
    Arrive(Customer),
    /// The service at this slot of the receiver ends.
    ServiceDone(Slot),
    /// The receiver's earliest sharing customer is done.
    SharingDone,
}

impl actix::Message for Signal {
    type Result = ();
}

impl SimMessage for Signal {
    type Output = ();

    fn kind(&self) -> u16 {
        match self {
            Self::GapOver => 0,
            Self::Arrive(_) => 1,
            Self::ServiceDone(_) => 2,
            Self::SharingDone => 3,
        }
    }

    fn kind_name(&self) -> &'static str {
        match self {
            Self::GapOver => "gap over",
            Self::Arrive(_) => "arrive",
            Self::ServiceDone(_) => "service done",
            Self::SharingDone => "sharing done",
        }
    }

    fn size(&self) -> u64 {
        0
    }
}
