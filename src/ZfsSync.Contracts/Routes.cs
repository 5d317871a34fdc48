namespace ZfsSync.Contracts;

/// <summary>The paths of the API, relative to its prefix (<c>/api/v1</c>). One place, so that client, witness and tests cannot disagree.</summary>
public static class Routes
{
    /// <summary>The default prefix.</summary>
    public const string DefaultPrefix = "/api/v1";

    /// <summary>Hosts.</summary>
    public const string Systems = "systems";

    /// <summary>Groups.</summary>
    public const string Groups = "sync-groups";

    /// <summary>Edges with their decisions.</summary>
    public const string Edges = "edges";

    /// <summary>Executions.</summary>
    public const string Runs = "runs";

    /// <summary>Keys.</summary>
    public const string Keys = "keys";

    /// <summary>Snapshots.</summary>
    public const string Snapshots = "snapshots";

    /// <summary>A host.</summary>
    public static string System(Guid id) => $"{Systems}/{id}";

    /// <summary>The hosts that a host has edges with.</summary>
    public static string Partners(Guid systemId) => $"{Systems}/{systemId}/partners";

    /// <summary>Where a host says that it lives.</summary>
    public static string Heartbeat(Guid systemId) => $"{Systems}/{systemId}/heartbeat";

    /// <summary>Where a host's agent reports.</summary>
    public static string Reports(Guid systemId) => $"{Systems}/{systemId}/reports";

    /// <summary>Where a host's agent asks for work.</summary>
    public static string Instructions(Guid systemId) => $"{Systems}/{systemId}/instructions";

    /// <summary>Where a host's agent asks which of our holds nobody needs.</summary>
    public static string ForgottenHolds(Guid systemId) => $"{Systems}/{systemId}/forgotten-holds";

    /// <summary>What an agent does with an instruction: <c>claim</c>, <c>progress</c>, <c>outcome</c>.</summary>
    public static string Instruction(Guid id, string act) => $"instructions/{id}/{act}";

    /// <summary>A group.</summary>
    public static string Group(Guid id) => $"{Groups}/{id}";

    /// <summary>Plan a group now.</summary>
    public static string Check(Guid groupId) => $"sync/{groupId}/check";

    /// <summary>Approve a repair.</summary>
    public static string Repairs(string edgeId) => $"{Edges}/{edgeId}/repairs";
}
