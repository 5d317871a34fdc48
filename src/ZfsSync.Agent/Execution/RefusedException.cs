namespace ZfsSync.Agent.Execution;

/// <summary>The agent will not do it: nothing was changed, but for a partial receive that could never have ended.</summary>
/// <param name="code">The stable code of the outcome.</param>
internal sealed class RefusedException(string code, string message) : Exception(message)
{
    /// <summary>What was found is not what the plan expects; a new plan is due.</summary>
    public const string StalePlan = "stale_plan";

    /// <summary>The instruction contradicts itself or names what this agent does not know.</summary>
    public const string Unsupported = "unsupported";

    /// <summary>It touches what this agent was not given.</summary>
    public const string OutsideScope = "outside_scope";

    /// <summary>The pool of the member's root does not exist; an agent makes datasets, never a pool.</summary>
    public const string RootMissing = "target_root_missing";

    /// <summary>A full stream would take the place of files that are too small to be seen by the size of their dataset.</summary>
    public const string TargetHasFiles = "target_has_files";

    /// <summary>It would destroy what nobody approved.</summary>
    public const string NotApproved = "not_approved";

    public string Code { get; } = code;
}
