using Shouldly;
using ZfsSync.Lab.Tests.Lab;

namespace ZfsSync.Lab.Tests.EndToEnd;

/// <summary>What two datasets must have in common to be copies.</summary>
internal static class Evidence
{
    /// <summary>The guids of a dataset's snapshots, oldest first.</summary>
    public static async Task<IReadOnlyList<string>> GuidsAsync(LabVm vm, string dataset) =>
        (await vm.RunAsync($"zfs list -Hp -d 1 -t snapshot -s createtxg -o guid '{dataset}'")).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries
        );

    /// <summary>One hash over names and contents of all files of a snapshot.</summary>
    public static Task<string> FilesAsync(LabVm vm, string snapshot) =>
        vm.RunAsync(
            $"set -e; d=$(mktemp -d); mount -t zfs '{snapshot}' $d; cd $d; "
                + "find . -type f -print0 | sort -z | xargs -0r sha256sum | sha256sum; cd /; umount $d; rmdir $d"
        );

    public static async Task SameAsync(LabVm source, string sourceDataset, LabVm target, string targetDataset)
    {
        var guids = await GuidsAsync(source, sourceDataset);
        guids.ShouldNotBeEmpty();
        (await GuidsAsync(target, targetDataset)).ShouldBe(guids);
    }

    /// <summary>The same datasets below two roots, with the same snapshots.</summary>
    public static async Task SameTreesAsync(LabVm source, string sourceRoot, LabVm target, string targetRoot)
    {
        var tree = await TreeAsync(source, sourceRoot);
        tree.ShouldNotBeEmpty();
        (await TreeAsync(target, targetRoot)).ShouldBe(tree);
    }

    /// <summary>One hash over the contents of a volume's snapshot.</summary>
    public static async Task<string> BlocksAsync(LabVm vm, string volume, string label)
    {
        await vm.RunAsync($"zfs set snapdev=visible '{volume}' && udevadm settle");
        return await vm.RunAsync($"sha256sum < '/dev/zvol/{volume}@{label}'");
    }

    public static async Task SameBlocksAsync(
        LabVm source,
        string sourceVolume,
        LabVm target,
        string targetVolume,
        string label
    ) => (await BlocksAsync(target, targetVolume, label)).ShouldBe(await BlocksAsync(source, sourceVolume, label));

    public static async Task SameFilesAsync(LabVm source, string sourceSnapshot, LabVm target, string targetSnapshot) =>
        (await FilesAsync(target, targetSnapshot)).ShouldBe(await FilesAsync(source, sourceSnapshot));

    /// <summary>No hold of ours and no half-received state is left.</summary>
    public static async Task NothingLeftBehindAsync(
        LabVm source,
        string sourceDataset,
        LabVm target,
        string targetDataset
    )
    {
        (
            await source.RunAsync(
                $"zfs list -Hp -r -t snapshot -o name '{sourceDataset}' | tr '\\n' '\\0' | xargs -0r zfs holds -H"
            )
        ).ShouldNotContain("zfs-sync");
        (
            await target.RunAsync(
                $"zfs get -Hp -r -t filesystem,volume -o value receive_resume_token '{targetDataset}' | sort -u"
            )
        ).ShouldBe("-");
    }

    /// <summary>Dataset, label and guid of each snapshot below a root, each dataset's oldest first.</summary>
    private static async Task<IReadOnlyList<string>> TreeAsync(LabVm vm, string root) =>
        [
            .. (await vm.RunAsync($"zfs list -Hp -r -t snapshot -s createtxg -o name,guid '{root}'"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line[root.Length..])
                .OrderBy(line => line[..line.IndexOf('@', StringComparison.Ordinal)], StringComparer.Ordinal),
        ];
}
