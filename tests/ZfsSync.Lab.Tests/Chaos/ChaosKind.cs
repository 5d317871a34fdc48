namespace ZfsSync.Lab.Tests.Chaos;

/// <summary>What dies in the middle of a transfer. The target pulls: its agent runs ssh and the receive.</summary>
internal enum ChaosKind
{
    /// <summary>kill -9 of the target's agent; what it had started is ended with it.</summary>
    KillAgent,

    /// <summary>kill -9 of the source's agent.</summary>
    KillSourceAgent,

    /// <summary>kill -9 of ssh on the target: a transfer's own connection, or the one that commands share.</summary>
    KillSsh,

    /// <summary>kill -9 of <c>zfs send</c> on the source.</summary>
    KillSend,

    /// <summary>kill -9 of <c>zfs receive</c> on the target.</summary>
    KillReceive,

    /// <summary>kill -9 of the witness.</summary>
    KillWitness,

    /// <summary>The source's power fails.</summary>
    CutPowerOfSource,

    /// <summary>The target's power fails.</summary>
    CutPowerOfTarget,
}
