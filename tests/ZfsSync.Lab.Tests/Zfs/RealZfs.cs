using System.Globalization;
using ZfsSync.Core.Display;
using ZfsSync.Lab.Tests.Lab;
using ZfsSync.Testing.Zfs;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Ssh;

namespace ZfsSync.Lab.Tests.Zfs;

/// <summary>The ZFS of a VM.</summary>
public sealed class RealZfs : ZfsUnderTest, IDisposable
{
    internal const string Key = "/root/contract.key";
    internal const string OtherKey = "/root/contract-other.key";

    private readonly LabVm _vm;
    private readonly DirectoryInfo _controlFolder = Directory.CreateTempSubdirectory("zs");
    private readonly VmRunner _runner;

    internal RealZfs(LabVm vm)
    {
        _vm = vm;
        _runner = new VmRunner(vm, new LocalCommandRunner(new SshOptions { ControlFolder = _controlFolder.FullName }));
    }

    public override ICommandRunner Runner => _runner;
    public override bool IsAtLeast22 => _vm.Suite != "bookworm";
    public override bool SaysWhoHolds => IsAtLeast22;

    public override Command Address(Command command, bool isOrdinaryUser) =>
        command.At(
            new SshTarget("127.0.0.1", isOrdinaryUser ? OrdinaryUser : "root", _vm.SshPort)
            {
                KeyFile = Path.Combine(LabScript.Folder, "key"),
                KnownHostsFile = "/dev/null",
                HostKeyPolicy = "no",
            }
        );

    public override Task CreateAsync(
        string dataset,
        IReadOnlyList<string> options,
        IReadOnlyList<string> snapshots,
        CancellationToken cancellation
    )
    {
        var create = ShellQuoter.Join([
            "zfs",
            "create",
            .. options.SelectMany(option => (string[])["-o", option]),
            dataset,
        ]);
        var history = snapshots.Select(snapshot =>
            $"{Random(1 << 20, $"/{dataset}/file-{snapshot}")} && zfs snapshot {ShellQuoter.Quote($"{dataset}@{snapshot}")}"
        );
        return ShellAsync(string.Join(" && ", history.Prepend(create)), cancellation);
    }

    public override Task WriteAsync(string dataset, string file, int bytes, CancellationToken cancellation) =>
        ShellAsync($"{Random(bytes, $"/{dataset}/{file}")} && zpool sync {dataset.Split('/')[0]}", cancellation);

    public override Task SettleAsync(CancellationToken cancellation) => ShellAsync("zpool sync", cancellation);

    private static string Random(int bytes, string path) => $"head -c {bytes} /dev/urandom >{ShellQuoter.Quote(path)}";

    public override async Task<IReadOnlyDictionary<string, string>> HashesAsync(
        string dataset,
        CancellationToken cancellation
    )
    {
        var lines = await ShellAsync(
            $"cd {ShellQuoter.Quote("/" + dataset)} && find . -type f -exec sha256sum {{}} +",
            cancellation
        );
        return lines
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(line => line[66..], line => line[..64], StringComparer.Ordinal);
    }

    public override async Task<PipeResult> CutAsync(
        IReadOnlyList<string> send,
        IReadOnlyList<string> receive,
        int bytes,
        CancellationToken cancellation
    )
    {
        var script =
            $"{ShellQuoter.Join(["zfs", "send", .. send])} 2>/dev/null | head -c {bytes} | {ShellQuoter.Join(["zfs", "receive", .. receive])}"
            + "; echo ${PIPESTATUS[2]}";
        var result = await _runner.RunAsync(
            Address(new Command("bash", "-c", script), isOrdinaryUser: false),
            null,
            cancellation
        );
        var exit = int.Parse(result.Output, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        return new PipeResult([new CommandResult(141, "", ""), new CommandResult(exit, "", result.ErrorTail)], bytes);
    }

    public override string KeyLocation(bool isOther) => "file://" + (isOther ? OtherKey : Key);

    public void Dispose()
    {
        _runner.Dispose();
        if (_controlFolder.Exists)
            _controlFolder.Delete(recursive: true);
    }

    private async Task<string> ShellAsync(string line, CancellationToken cancellation)
    {
        var result = await _runner.RunAsync(
            Address(new Command("sh", "-c", line), isOrdinaryUser: false),
            null,
            cancellation
        );
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{line}: {result.ErrorTail}");
    }
}
