using System.Runtime.CompilerServices;

namespace ZfsSync.Tests.Architecture;

/// <summary>The checkout's own files, as the rules below read them.</summary>
internal static class SourceTree
{
    private static readonly string[] Generated = ["artifacts", "node_modules", "bin", "obj", ".git"];

    public static readonly string Root = FindRoot();

    public static IReadOnlyList<SourceFile> Files(string folder, params string[] endings) =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
                .Where(path => endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)))
                .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
                .Where(path => !path.Split('/').Intersect(Generated, StringComparer.Ordinal).Any())
                .Order(StringComparer.Ordinal)
                .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path)))),
        ];

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        var folder = Path.GetDirectoryName(thisFile);
        while (folder is not null && !File.Exists(Path.Combine(folder, "zfs-sync.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("zfs-sync.slnx was not found above the tests' sources.");
    }
}

internal sealed record SourceFile(string Path, string Text)
{
    public string Name => System.IO.Path.GetFileName(Path);

    public int LineCount => Text.Count(c => c == '\n');
}
