namespace ZfsSync.Simulation.Model;

/// <summary>Encryption of one dataset. The key's identity travels with raw streams; whether it is loaded does not.</summary>
internal sealed class SimEncryption
{
    public required string Suite { get; init; }

    /// <summary>Stands for the master key: the same for a raw replica.</summary>
    public required ulong MasterKey { get; init; }

    /// <summary>Of a clone: the encryption root of its origin, wherever the clone is.</summary>
    public SimDataset? SharedRoot { get; set; }

    /// <summary>Set on an encryption root; null on datasets that inherit its wrapping key.</summary>
    public WrappingKey? Root { get; set; }

    /// <summary>Was a root whose key was loaded: the key waits in memory until the dataset is a root again.</summary>
    public bool KeepsKey { get; set; }
}

/// <summary>The wrapping key of an encryption root.</summary>
internal sealed record WrappingKey(string Format, string Location, string Secret)
{
    public bool IsLoaded { get; init; }
}
