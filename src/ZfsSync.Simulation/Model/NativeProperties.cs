using static ZfsSync.Simulation.Model.AppliesTo;
using static ZfsSync.Simulation.Model.PropertyAccess;

namespace ZfsSync.Simulation.Model;

/// <summary>The properties of a release, in the order in which <c>zfs get all</c> prints them.</summary>
internal static class NativeProperties
{
    private static readonly string[] OnOff = ["on", "off"];

    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.Ordinal)
    {
        ["avail"] = "available",
        ["refer"] = "referenced",
        ["ratio"] = "compressratio",
        ["recsize"] = "recordsize",
        ["reserv"] = "reservation",
        ["refreserv"] = "refreservation",
        ["rdonly"] = "readonly",
        ["compress"] = "compression",
        ["usedsnap"] = "usedbysnapshots",
        ["usedds"] = "usedbydataset",
        ["usedchild"] = "usedbychildren",
        ["usedrefreserv"] = "usedbyrefreservation",
        ["lused"] = "logicalused",
        ["lrefer"] = "logicalreferenced",
        ["encroot"] = "encryptionroot",
        ["volblock"] = "volblocksize",
        ["refratio"] = "refcompressratio",
    };

    private static readonly List<NativeProperty> Zfs23 = Table(new ZfsRelease(2, 3, 0));
    private static readonly List<NativeProperty> Zfs21 = Table(new ZfsRelease(2, 1, 0));

    public static IReadOnlyList<NativeProperty> Of(ZfsRelease release) => release.IsAtLeast(2, 2) ? Zfs23 : Zfs21;

    /// <summary>By name or short name; null when the release does not know it.</summary>
    public static NativeProperty? Find(ZfsRelease release, string name)
    {
        var full = ShortNames.GetValueOrDefault(name, name);
        return Of(release).FirstOrDefault(property => property.Name == full);
    }

    public static bool IsUserProperty(string name) =>
        name.Length < 256
        && name.Contains(':', StringComparison.Ordinal)
        && name.All(letter =>
            char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_' or '.' or ':'
        );

    private static List<NativeProperty> Table(ZfsRelease release) =>
        [.. ReadOnlyOnes(release), .. Settable(release), .. Encryption(), .. LateOnes(release)];

    private static IEnumerable<NativeProperty> ReadOnlyOnes(ZfsRelease release)
    {
        yield return new("type", All | Bookmark, ReadOnly);
        yield return new("creation", All | Bookmark, ReadOnly);
        yield return new("used", All, ReadOnly) { IsBytes = true };
        yield return new("available", Dataset, ReadOnly) { IsBytes = true };
        yield return new("referenced", All | Bookmark, ReadOnly) { IsBytes = true };
        yield return new("compressratio", All, ReadOnly);
        yield return new("mounted", Filesystem, ReadOnly);
        yield return new("origin", Dataset, ReadOnly);
        yield return new("clones", Snapshot, ReadOnly);
        yield return new("defer_destroy", Snapshot, ReadOnly);
        yield return new("userrefs", Snapshot, ReadOnly) { IsNumber = true };
        yield return new("createtxg", All | Bookmark, ReadOnly) { IsNumber = true };
        yield return new("guid", All | Bookmark, ReadOnly) { IsNumber = true };
        yield return new("usedbysnapshots", Dataset, ReadOnly) { IsBytes = true };
        yield return new("usedbydataset", Dataset, ReadOnly) { IsBytes = true };
        yield return new("usedbychildren", Dataset, ReadOnly) { IsBytes = true };
        yield return new("usedbyrefreservation", Dataset, ReadOnly) { IsBytes = true };
        yield return new("refcompressratio", All, ReadOnly);
        yield return new("written", All, ReadOnly) { IsBytes = true };
        yield return new("logicalused", Dataset, ReadOnly) { IsBytes = true };
        yield return new("logicalreferenced", All, ReadOnly) { IsBytes = true };
        yield return new("receive_resume_token", Dataset, ReadOnly);
        if (release.IsAtLeast(2, 2))
            yield return new("snapshots_changed", Dataset, ReadOnly);
    }

    private static IEnumerable<NativeProperty> Settable(ZfsRelease release)
    {
        var isNew = release.IsAtLeast(2, 2);
        yield return new("quota", Filesystem, PropertyAccess.Settable, "0") { IsBytes = true };
        yield return new("reservation", Dataset, PropertyAccess.Settable, "0") { IsBytes = true };
        yield return new("volsize", Volume | Snapshot, PropertyAccess.Settable) { IsBytes = true };
        yield return new("volblocksize", Volume, SetOnce, isNew ? "16384" : "8192") { IsBytes = true };
        yield return new("recordsize", Filesystem, Inherited, "131072") { IsBytes = true };
        yield return new("mountpoint", Filesystem, Inherited);
        yield return new("sharenfs", Filesystem, Inherited, "off");
        yield return new("checksum", Dataset, Inherited, "on");
        yield return new("compression", Dataset, Inherited, isNew ? "on" : "off");
        yield return new("atime", Filesystem, Inherited, "on") { Allowed = OnOff };
        yield return new("devices", Filesystem | Snapshot, Inherited, "on") { Allowed = OnOff };
        yield return new("exec", Filesystem | Snapshot, Inherited, "on") { Allowed = OnOff };
        yield return new("setuid", Filesystem | Snapshot, Inherited, "on") { Allowed = OnOff };
        yield return new("readonly", Dataset, Inherited, "off") { Allowed = OnOff };
        yield return new("zoned", Filesystem, Inherited, "off") { Allowed = OnOff };
        yield return new("snapdir", Filesystem, Inherited, "hidden");
        yield return new("canmount", Filesystem, PropertyAccess.Settable, "on") { Allowed = ["on", "off", "noauto"] };
        yield return new("xattr", Filesystem | Snapshot, Inherited, isNew ? "sa" : "on");
        yield return new("copies", Dataset, Inherited, "1") { Allowed = ["1", "2", "3"] };
        yield return new("primarycache", All, Inherited, "all") { Allowed = ["all", "none", "metadata"] };
        yield return new("secondarycache", All, Inherited, "all") { Allowed = ["all", "none", "metadata"] };
        yield return new("logbias", Dataset, Inherited, "latency") { Allowed = ["latency", "throughput"] };
        yield return new("dedup", Dataset, Inherited, "off");
        yield return new("sync", Dataset, Inherited, "standard") { Allowed = ["standard", "always", "disabled"] };
        yield return new("dnodesize", Filesystem, Inherited, "legacy");
        yield return new("refquota", Filesystem, PropertyAccess.Settable, "0") { IsBytes = true };
        yield return new("refreservation", Dataset, PropertyAccess.Settable, "0") { IsBytes = true };
        yield return new("filesystem_limit", Filesystem, PropertyAccess.Settable, "none");
        yield return new("snapshot_limit", Dataset, PropertyAccess.Settable, "none");
        yield return new("snapdev", Dataset, Inherited, "hidden") { Allowed = ["hidden", "visible"] };
        yield return new("volmode", Dataset, Inherited, "default");
        yield return new("acltype", Filesystem | Snapshot, Inherited, "off");
        yield return new("relatime", Filesystem, Inherited, isNew ? "on" : "off") { Allowed = OnOff };
        yield return new("redundant_metadata", Dataset, Inherited, "all");
        yield return new("overlay", Filesystem, Inherited, "on") { Allowed = OnOff };
    }

    private static IEnumerable<NativeProperty> Encryption()
    {
        yield return new("encryption", All, SetOnceInherited, "off");
        yield return new("keylocation", Dataset, PropertyAccess.Settable, "none");
        yield return new("keyformat", Dataset, SetOnce, "none");
        yield return new("pbkdf2iters", Dataset, SetOnce, "0") { IsNumber = true };
        yield return new("encryptionroot", All, ReadOnly);
        yield return new("keystatus", All, ReadOnly);
    }

    private static IEnumerable<NativeProperty> LateOnes(ZfsRelease release)
    {
        yield return new("special_small_blocks", Filesystem, Inherited, "0") { IsBytes = true };
        if (release.IsAtLeast(2, 2))
            yield return new("prefetch", All, Inherited, "all") { Allowed = ["all", "none", "metadata"] };
    }
}
