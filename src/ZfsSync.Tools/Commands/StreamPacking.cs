namespace ZfsSync.Tools.Commands;

/// <summary>What a stage does to the stream beside the programs that make or take it.</summary>
public enum StreamPacking
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>zstd packs what they make.</summary>
    Packs = 1,

    /// <summary>zstd unpacks what they take.</summary>
    Unpacks = -1,
}
