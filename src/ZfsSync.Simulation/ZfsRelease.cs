namespace ZfsSync.Simulation;

/// <summary>The OpenZFS release a simulated host speaks like.</summary>
public sealed record ZfsRelease(int Major, int Minor, int Patch, string Suffix = "")
{
    /// <summary>As in Debian 12.</summary>
    public static readonly ZfsRelease Zfs21 = new(2, 1, 11, "-1+deb12u1");

    /// <summary>As in Debian 13.</summary>
    public static readonly ZfsRelease Zfs23 = new(2, 3, 9, "-0+deb13u1");

    /// <summary>Whether it is this release or a later one.</summary>
    public bool IsAtLeast(int major, int minor) => (Major, Minor).CompareTo((major, minor)) >= 0;

    public override string ToString() => $"{Major}.{Minor}.{Patch}{Suffix}";
}
