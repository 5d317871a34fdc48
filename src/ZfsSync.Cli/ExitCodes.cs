namespace ZfsSync.Cli;

/// <summary>What the program's exit says. Documented in --help; numbers are never reused.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int NotInSync = 1;
    public const int Usage = 2;
    public const int Unreachable = 3;
    public const int Refused = 4;
    public const int NeedsPerson = 5;
    public const int InternalFault = 70;
    public const int Interrupted = 130;

    /// <summary>The lines of --help.</summary>
    public static readonly IReadOnlyList<(int Code, string Meaning)> Meanings =
    [
        (Ok, "done; everything asked about is in sync"),
        (NotInSync, "something failed, or is not in sync"),
        (Usage, "the command line, a name or the configuration is wrong"),
        (Unreachable, "the witness was not reached, or is not ready"),
        (Refused, "the key is missing or may not do this, or the system denies access"),
        (NeedsPerson, "a person must decide: a conflict, or a host whose plans are frozen"),
        (InternalFault, "a fault of zfs-sync itself"),
        (Interrupted, "interrupted"),
    ];
}
