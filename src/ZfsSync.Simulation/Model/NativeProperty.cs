namespace ZfsSync.Simulation.Model;

[Flags]
internal enum AppliesTo
{
    Filesystem = 1,
    Volume = 2,
    Snapshot = 4,
    Bookmark = 8,
    Dataset = Filesystem | Volume,
    All = Dataset | Snapshot,
}

internal enum PropertyAccess
{
    ReadOnly,
    Settable,
    Inherited,
    SetOnce,
    SetOnceInherited,
}

/// <summary>A property that zfs knows.</summary>
internal sealed record NativeProperty(string Name, AppliesTo AppliesTo, PropertyAccess Access, string Default = "-")
{
    /// <summary>The values it takes; empty for any.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>A number of bytes, printed short without -p.</summary>
    public bool IsBytes { get; init; }

    /// <summary>A count.</summary>
    public bool IsNumber { get; init; }

    public bool IsReadOnly => Access == PropertyAccess.ReadOnly;
    public bool IsInheritable => Access is PropertyAccess.Inherited or PropertyAccess.SetOnceInherited;
    public bool IsSetOnce => Access is PropertyAccess.SetOnce or PropertyAccess.SetOnceInherited;

    public string Header =>
        Name switch
        {
            "available" => "AVAIL",
            "referenced" => "REFER",
            "compressratio" => "RATIO",
            "readonly" => "RDONLY",
            "reservation" => "RESERV",
            "receive_resume_token" => "RESUME_TOKEN",
            "encryptionroot" => "ENCROOT",
            "usedbysnapshots" => "USEDSNAP",
            "usedbydataset" => "USEDDS",
            "usedbychildren" => "USEDCHILD",
            "usedbyrefreservation" => "USEDREFRESERV",
            _ => Name.ToUpperInvariant(),
        };

    public bool Fits(SimNode node) =>
        AppliesTo.HasFlag(
            node switch
            {
                SimDataset { IsVolume: true } => AppliesTo.Volume,
                SimDataset => AppliesTo.Filesystem,
                SimSnapshot => AppliesTo.Snapshot,
                _ => AppliesTo.Bookmark,
            }
        );
}
