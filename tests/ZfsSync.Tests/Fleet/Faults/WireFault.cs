namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>What becomes of one request on its way.</summary>
internal enum WireFault
{
    /// <summary>It never arrives.</summary>
    Lost,

    /// <summary>It arrives, and its answer does not.</summary>
    AnswerLost,

    /// <summary>It arrives twice.</summary>
    Doubled,

    /// <summary>Its sender gives up, and it arrives later, perhaps after newer ones.</summary>
    Delayed,

    /// <summary>Half of its body arrives.</summary>
    Truncated,
}

/// <summary>A request that is still on its way.</summary>
internal sealed record LateRequest(HttpMethod Method, Uri Address, byte[] Body, string? Key, string Host, int Since);
