namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>What can happen to a fleet. The numbers of an event choose where, and how hard.</summary>
internal enum FaultKind
{
    // The day's work.
    Round,
    Advance,
    Report,
    Work,
    Plan,

    // Users, on whichever side.
    Snapshot,
    Write,
    DestroySnapshot,
    RenameSnapshot,
    RollBack,
    DestroyDataset,
    RenameDataset,
    CreateDataset,
    DestroyBookmark,
    AbortReceive,
    HoldSnapshot,
    CloneSnapshot,
    ApproveRepair,
    Thaw,
    SwitchGroup,
    StopRun,

    // Faults.
    KillAgent,
    PauseAgent,
    Resume,
    KillWitness,
    RestartWitness,
    CutStream,
    GarbleStream,
    KillSender,
    KillReceiver,
    Disconnect,
    Reconnect,
    LoseRequest,
    LoseAnswer,
    DoubleRequest,
    DelayRequest,
    DeliverLate,
    TruncateRequest,
    SkewHostClock,
    SkewWitnessClock,
    FillDisk,
    FreeDisk,
    RevokeKey,
    RenewKey,
    StartTwin,
    StopTwin,
    TakeImage,
    RestoreImage,
}
