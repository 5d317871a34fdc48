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
        var (guids, copied) = await BothAsync(GuidsAsync(source, sourceDataset), GuidsAsync(target, targetDataset));
        guids.ShouldNotBeEmpty();
        copied.ShouldBe(guids);
    }

    /// <summary>The same datasets below two roots, with the same snapshots.</summary>
    public static async Task SameTreesAsync(LabVm source, string sourceRoot, LabVm target, string targetRoot)
    {
        var (tree, copied) = await BothAsync(TreeAsync(source, sourceRoot), TreeAsync(target, targetRoot));
        tree.ShouldNotBeEmpty();
        copied.ShouldBe(tree);
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
    )
    {
        var (blocks, copied) = await BothAsync(
            BlocksAsync(source, sourceVolume, label),
            BlocksAsync(target, targetVolume, label)
        );
        copied.ShouldBe(blocks);
    }

    public static async Task SameFilesAsync(LabVm source, string sourceSnapshot, LabVm target, string targetSnapshot)
    {
        var (files, copied) = await BothAsync(FilesAsync(source, sourceSnapshot), FilesAsync(target, targetSnapshot));
        copied.ShouldBe(files);
    }

    /// <summary>No hold of ours and no half-received state is left.</summary>
    public static async Task NothingLeftBehindAsync(
        LabVm source,
        string sourceDataset,
        LabVm target,
        string targetDataset
    )
    {
        var (holds, tokens) = await BothAsync(
            source.RunAsync(
                $"zfs list -Hp -r -t snapshot -o name '{sourceDataset}' | tr '\\n' '\\0' | xargs -0r zfs holds -H"
            ),
            target.RunAsync(
                $"zfs get -Hp -r -t filesystem,volume -o value receive_resume_token '{targetDataset}' | sort -u"
            )
        );
        holds.ShouldNotContain("zfs-sync");
        tokens.ShouldBe("-");
    }

    /// <summary>Each in its own VM, so at the same time.</summary>
    private static async Task<(T Source, T Target)> BothAsync<T>(Task<T> source, Task<T> target)
    {
        await Task.WhenAll(source, target);
        return (await source, await target);
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
