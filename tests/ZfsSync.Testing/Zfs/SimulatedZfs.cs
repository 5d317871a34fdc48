using ZfsSync.Simulation;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Testing.Zfs;

/// <summary>The model, with the release's texts.</summary>
public sealed class SimulatedZfs : ZfsUnderTest
{
    private const string HostName = "simulated";

    private readonly SimulatedFleet _fleet;
    private readonly SimulatedHost _host;
    private readonly ICommandRunner _root;

    public SimulatedZfs(ZfsRelease release)
    {
        _fleet = new SimulatedFleet(TimeProvider.System, seed: 1);
        _host = _fleet.AddHost(HostName, release);
        _host.AddPool(SourcePool);
        _host.AddPool(TargetPool);
        _root = _fleet.RunnerOn(HostName);
    }

    public override ICommandRunner Runner => _root;
    public override bool IsAtLeast22 => _host.Release.IsAtLeast(2, 2);
    public override bool SaysWhoHolds => _host.Release.IsAtLeast(2, 3);

    public override Command Address(Command command, bool isOrdinaryUser) =>
        isOrdinaryUser ? command.At(new SshTarget(HostName, OrdinaryUser)) : command;

    public override Task CreateAsync(
        string dataset,
        IReadOnlyList<string> options,
        IReadOnlyList<string> snapshots,
        CancellationToken cancellation
    )
    {
        _host.Run("zfs", ["create", .. options.SelectMany(option => (string[])["-o", option]), dataset]);
        foreach (var snapshot in snapshots)
        {
            _host.Write(dataset, $"file-{snapshot}", 1 << 20);
            _host.Run("zfs", "snapshot", $"{dataset}@{snapshot}");
        }
        return Task.CompletedTask;
    }

    public override Task WriteAsync(string dataset, string file, int bytes, CancellationToken cancellation)
    {
        _host.Write(dataset, file, bytes);
        return Task.CompletedTask;
    }

    public override Task SettleAsync(CancellationToken cancellation) => Task.CompletedTask;

    public override Task<IReadOnlyDictionary<string, string>> HashesAsync(
        string dataset,
        CancellationToken cancellation
    ) => Task.FromResult(_host.FileHashes(dataset));

    public override Task<PipeResult> CutAsync(
        IReadOnlyList<string> send,
        IReadOnlyList<string> receive,
        int bytes,
        CancellationToken cancellation
    )
    {
        _fleet.BreakNextStream(bytes < 0 ? StreamFault.CutBeforeEnd(-bytes) : StreamFault.Cut(bytes));
        return _root.PipeAsync(
            [new Command("zfs", ["send", .. send]), new Command("zfs", ["receive", .. receive])],
            PipeOptions.None,
            cancellation
        );
    }

    public override string KeyLocation(bool isOther) => isOther ? "file:///root/other-key" : "file:///root/key";
}
