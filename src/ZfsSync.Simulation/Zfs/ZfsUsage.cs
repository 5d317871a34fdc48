namespace ZfsSync.Simulation.Zfs;

/// <summary>The usage lines that follow a complaint about arguments.</summary>
internal static class ZfsUsage
{
    private static readonly Dictionary<string, string> Lines = new(StringComparer.Ordinal)
    {
        ["list"] =
            "list [-Hp] [-r|-d max] [-o property[,...]] [-s property]...\n\t    [-S property]... [-t type[,...]] [filesystem|volume|snapshot] ...",
        ["get"] =
            "get [-rHp] [-d max] [-o \"all\" | field[,...]]\n\t    [-t type[,...]] [-s source[,...]]\n\t    <\"all\" | property[,...]> [filesystem|volume|snapshot|bookmark] ...",
        ["set"] = "set <property=value> ... <filesystem|volume|snapshot> ...",
        ["inherit"] = "inherit [-rS] <property> <filesystem|volume|snapshot> ...",
        ["create"] =
            "create [-Pnpuv] [-o property=value] ... <filesystem>\n\tcreate [-Pnpsv] [-b blocksize] [-o property=value] ... -V <size> <volume>",
        ["snapshot"] = "snapshot [-r] [-o property=value] ... <filesystem|volume>@<snap> ...",
        ["bookmark"] = "bookmark <snapshot|bookmark> <newbookmark>",
        ["hold"] = "hold [-r] <tag> <snapshot> ...",
        ["holds"] = "holds [-rH] <snapshot> ...",
        ["release"] = "release [-r] <tag> <snapshot> ...",
        ["rename"] =
            "rename [-f] <filesystem|volume|snapshot> <filesystem|volume|snapshot>\n\trename -p [-f] <filesystem|volume> <filesystem|volume>\n\trename -u [-f] <filesystem> <filesystem>\n\trename -r <snapshot> <snapshot>",
        ["rollback"] = "rollback [-rRf] <snapshot>",
        ["clone"] = "clone [-p] [-o property=value] ... <snapshot> <filesystem|volume>",
        ["promote"] = "promote <clone-filesystem>",
        ["destroy"] =
            "destroy [-fnpRrv] <filesystem|volume>\n\tdestroy [-dnpRrv] <filesystem|volume>@<snap>[%<snap>][,...]\n\tdestroy <filesystem|volume>#<bookmark>",
        ["send"] =
            "send [-DLPbcehnpsvw] [-i|-I snapshot] [-R]     <snapshot>\n\tsend [-DnvPLecw] [-i snapshot|bookmark] <filesystem|volume|snapshot>\n\tsend [-nvPe] -t <receive_resume_token>",
        ["receive"] =
            "receive [-vMnsFhu] [-o <property>=<value>] ... [-x <property>] ...\n\t    <filesystem|volume|snapshot>\n\treceive [-vMnsFhu] [-o <property>=<value>] ... [-x <property>] ... \n\t    [-d | -e] <filesystem>\n\treceive -A <filesystem|volume>",
        ["allow"] =
            "allow <filesystem|volume>\n\tallow [-ldug] <\"everyone\"|user|group>[,...] <perm|@setname>[,...]\n\t    <filesystem|volume>",
        ["mount"] = "mount\n\tmount [-flvO] [-o opts] <-a | filesystem>",
        ["unmount"] = "unmount [-fu] <-a | filesystem|mountpoint>",
        ["load-key"] = "load-key [-rn] [-L <keylocation>] <-a | filesystem|volume>",
        ["unload-key"] = "unload-key [-r] <-a | filesystem|volume>",
    };

    public static string Of(string command) =>
        Lines.TryGetValue(command, out var lines)
            ? $"usage:\n\t{lines}\n"
            : "usage: zfs command args ...\nwhere 'command' is one of the following:\n";
}
