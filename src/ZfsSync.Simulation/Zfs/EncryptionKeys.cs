using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary>Encryption of new datasets, and <c>zfs load-key</c> and <c>zfs unload-key</c>.</summary>
internal static class EncryptionKeys
{
    public static readonly string[] Properties = ["encryption", "keyformat", "keylocation", "pbkdf2iters"];

    public static void OnCreate(HostState host, SimDataset dataset, Func<string, string?> property)
    {
        var suite = property("encryption");
        if (property("keyformat") is not null)
            MakeRoot(host, dataset, suite ?? "on", property);
        else if (dataset.Parent!.Encryption is { } inherited && suite != "off")
            dataset.Encryption = new SimEncryption { Suite = inherited.Suite, MasterKey = host.NewGuid() };
    }

    public static void MakeRoot(HostState host, SimDataset dataset, string suite, Func<string, string?> property)
    {
        var location = property("keylocation") ?? "prompt";
        dataset.Encryption = new SimEncryption
        {
            Suite = suite == "on" ? "aes-256-gcm" : suite,
            MasterKey = host.NewGuid(),
            Root = new WrappingKey(property("keyformat") ?? "passphrase", location, location) { IsLoaded = true },
        };
    }

    public static void Load(ZfsCall call)
    {
        var options = ZfsOptions.Parse("load-key", "anrL:", call.Arguments);
        var dataset = call.OpenDataset(options.Single("load-key", "dataset"));
        var root = Root(call, dataset, "load");
        if (root.IsLoaded)
            throw new ZfsFailure($"Key load error: Key already loaded for '{dataset.FullName}'.", 255);
        if (!call.May(dataset, "load-key"))
            throw new ZfsFailure("Key load error: Permission denied.", 255);
        var location = options.Value('L') ?? root.Location;
        // The same key file means the same key, here as at the source of a raw stream.
        if (location != root.Secret)
            throw new ZfsFailure($"Key load error: Incorrect key provided for '{dataset.FullName}'.", 255);
        if (!options.Has('n'))
            dataset.Encryption!.Root = root with { IsLoaded = true };
    }

    public static void Unload(ZfsCall call)
    {
        var options = ZfsOptions.Parse("unload-key", "ar", call.Arguments);
        var dataset = call.OpenDataset(options.Single("unload-key", "dataset"));
        var root = Root(call, dataset, "unload");
        if (!root.IsLoaded)
            throw new ZfsFailure($"Key unload error: Key already unloaded for '{dataset.FullName}'.", 255);
        if (!call.May(dataset, "load-key"))
            throw new ZfsFailure("Key unload error: Permission denied.", 255);
        if (
            dataset.Pool.Datasets.Any(each =>
                each.IsMounted && each.Encryption is not null && each.EncryptionRoot == dataset
            )
        )
            throw new ZfsFailure($"Key unload error: '{dataset.FullName}' is busy.", 255);
        dataset.Encryption!.Root = root with { IsLoaded = false };
    }

    private static WrappingKey Root(ZfsCall call, SimDataset dataset, string verb)
    {
        if (dataset.Encryption is null)
            throw new ZfsFailure($"Key {verb} error: '{dataset.FullName}' is not encrypted.", 255);
        return dataset.Encryption.Root
            ?? throw new ZfsFailure(
                $"Key {verb} error: Keys must be {verb}ed for encryption root of '{dataset.FullName}' ({dataset.EncryptionRoot.FullName}).",
                255
            );
    }
}
