namespace ZfsSync.Contracts.Groups;

/// <summary>Which member copies from which.</summary>
public enum GroupMode
{
    /// <summary>From the hub to every other member.</summary>
    Hub,

    /// <summary>From each member to the next, in their order.</summary>
    Chain,

    /// <summary>Every member gets what it lacks from the cheapest member that has it.</summary>
    Mesh,

    /// <summary>The edges that are listed.</summary>
    Explicit,
}
