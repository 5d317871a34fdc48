namespace ZfsSync.Tools.Commands.Native;

/// <summary>The place of a pipe where bytes are counted.</summary>
internal interface IMeasuredJoint
{
    /// <summary>What has gone through so far; all of it when <see cref="Run"/> has returned and the programs have ended.</summary>
    long Bytes { get; }

    /// <summary>Reports progress until nothing more comes, or the stop, which comes at the latest when all programs have ended.</summary>
    /// <exception cref="Exception">What the report of progress threw.</exception>
    void Run(CancellationToken stop);
}
