namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs userspace -Hpn -o objused FILESYSTEM</c>: everything belongs to root.</summary>
internal static class UserspaceCommand
{
    private const int Refused = 255;

    /// <summary>All of these are asked for, whatever is to be shown.</summary>
    private static readonly string[] Permissions = ["userused", "userquota", "userobjused", "userobjquota"];

    public static void Run(ZfsCall call)
    {
        var options = ZfsOptions.Parse("userspace", "Hpno:", call.Arguments);
        if (options.Operands.Count != 1 || options.Value('o') != "objused" || !options.Has('H'))
            throw new NotSupportedException("Of zfs userspace only -H -o objused is modelled.");
        var dataset = call.OpenDataset(options.Operands[0]);
        if (dataset.IsVolume)
            throw new ZfsFailure(
                $"cannot open '{dataset.FullName}': operation not applicable to datasets of this type"
            );
        if (!call.May(dataset, Permissions) || !dataset.IsKeyLoaded)
            throw Failure("permission denied");
        if (dataset.IsInconsistent)
            throw Failure("dataset is busy");
        // Its root directory is one.
        call.Print($"{dataset.Files.Count + 1}");

        ZfsFailure Failure(string why) => new($"cannot get used/quota for {dataset.FullName}: {why}", Refused);
    }
}
