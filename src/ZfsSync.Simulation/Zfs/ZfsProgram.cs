namespace ZfsSync.Simulation.Zfs;

/// <summary>Runs a line of zfs or zpool on a host's model.</summary>
internal static class ZfsProgram
{
    private static readonly Dictionary<string, Action<ZfsCall>> Commands = new(StringComparer.Ordinal)
    {
        ["list"] = ListCommand.Run,
        ["get"] = GetCommand.Run,
        ["set"] = PropertyCommands.Set,
        ["inherit"] = PropertyCommands.Inherit,
        ["create"] = DatasetCreation.Create,
        ["clone"] = DatasetCreation.Clone,
        ["promote"] = DatasetCreation.Promote,
        ["snapshot"] = SnapshotCommands.Snapshot,
        ["snap"] = SnapshotCommands.Snapshot,
        ["bookmark"] = SnapshotCommands.Bookmark,
        ["hold"] = HoldCommands.Hold,
        ["holds"] = HoldCommands.List,
        ["release"] = HoldCommands.Release,
        ["rename"] = RenameCommand.Run,
        ["rollback"] = RollbackCommand.Run,
        ["destroy"] = DestroyCommand.Run,
        ["allow"] = AllowCommands.Allow,
        ["unallow"] = AllowCommands.Unallow,
        ["userspace"] = UserspaceCommand.Run,
        ["mount"] = MountCommands.Mount,
        ["unmount"] = MountCommands.Unmount,
        ["umount"] = MountCommands.Unmount,
        ["load-key"] = EncryptionKeys.Load,
        ["unload-key"] = EncryptionKeys.Unload,
        ["version"] = Version,
        ["--version"] = Version,
        ["-V"] = Version,
        ["send"] = call => SendCommand.Run(call),
        ["receive"] = Receive,
        ["recv"] = Receive,
    };

    public static void Run(ZfsCall call, string program, string command)
    {
        try
        {
            Begin(call, program, command);
        }
        catch (ZfsFailure failure)
        {
            call.Complain(failure.Message.TrimEnd('\n'));
            call.ExitCode = failure.ExitCode;
        }
    }

    public static void Version(ZfsCall call)
    {
        call.Print($"zfs-{call.Host.Release}");
        call.Print($"zfs-kmod-{call.Host.Release}");
    }

    private static void Begin(ZfsCall call, string program, string command)
    {
        if (
            call.Host.Pools.Values.Any(pool => pool.Health == "SUSPENDED")
            && command is not ("list" or "get" or "version")
        )
            throw new ZfsFailure($"cannot {command}: pool I/O is currently suspended");
        if (program == "zpool")
            ZpoolProgram.Run(call, command);
        else if (Commands.TryGetValue(command, out var run))
            run(call);
        else
            throw new ZfsFailure(
                command.Length == 0
                    ? "missing command\n" + ZfsUsage.Of("")
                    : $"unrecognized command '{command}'\n" + ZfsUsage.Of(""),
                2
            );
    }

    /// <summary>Without a stream on standard input.</summary>
    private static void Receive(ZfsCall call)
    {
        var request = ReceiveRequest.Parse(call);
        if (request.IsAbort)
            ReceiveCommand.Abort(call, request);
        else
            throw new ZfsFailure("cannot receive: failed to read from stream");
    }
}
