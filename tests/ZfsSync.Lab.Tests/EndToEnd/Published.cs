using ZfsSync.Lab.Tests.Lab;

namespace ZfsSync.Lab.Tests.EndToEnd;

/// <summary>The programs as users get them, made by <c>packaging/publish</c>.</summary>
internal static class Published
{
    /// <summary>Both programs, and what installs them.</summary>
    public static readonly string Folder = Path.Combine(LabScript.Checkout, "artifacts", "publish");

    /// <summary>The command line with the agent: one file.</summary>
    public static string CommandLine => Made(Path.Combine(Folder, "zfs-sync"));

    /// <summary>The witness.</summary>
    public static string Witness => Made(Path.Combine(Folder, "witness", "zfs-sync-witness"));

    private static string Made(string path) =>
        File.Exists(path)
            ? path
            : throw new InvalidOperationException($"{path} is missing: run packaging/publish first, as ./test does.");
}
