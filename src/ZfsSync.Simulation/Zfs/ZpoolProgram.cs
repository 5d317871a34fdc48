using System.Globalization;
using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary>zpool: list, get, status and version.</summary>
internal static class ZpoolProgram
{
    public static void Run(ZfsCall call, string command)
    {
        switch (command)
        {
            case "list":
                List(call);
                break;
            case "get":
                Get(call);
                break;
            case "status":
                Status(call);
                break;
            case "version" or "--version" or "-V":
                ZfsProgram.Version(call);
                break;
            default:
                throw new ZfsFailure($"unrecognized command '{command}'\nusage: zpool command args ...", 2);
        }
    }

    private static void List(ZfsCall call)
    {
        var options = ZfsOptions.Parse("zpool list", "gHLo:pPT:v", call.Arguments);
        var columns = (
            options.Value('o')
            ?? "name,size,allocated,free,checkpoint,expandsize,fragmentation,capacity,dedupratio,health,altroot"
        ).Split(',');
        var rows = Pools(call, options.Operands)
            .Select(pool => columns.Select(column => Value(pool, column, options.Has('p'))).ToList())
            .ToList();
        if (rows.Count == 0 && options.Operands.Count == 0 && !options.Has('H'))
        {
            call.Warn("no pools available");
            return;
        }
        if (!options.Has('H'))
            rows.Insert(0, [.. columns.Select(column => column.ToUpperInvariant())]);
        foreach (var row in rows)
            call.Print(string.Join(options.Has('H') ? "\t" : "  ", row));
    }

    private static void Get(ZfsCall call)
    {
        var options = ZfsOptions.Parse("zpool get", "Ho:p", call.Arguments);
        if (options.Operands.Count == 0)
            throw ZfsFailure.Usage("missing property argument", "zpool get");
        var fields = (options.Value('o') ?? "name,property,value,source").Split(',');
        foreach (var pool in Pools(call, options.Operands.Skip(1).ToList()))
        {
            foreach (var property in options.Operands[0].Split(','))
            {
                var row = fields.Select(field =>
                    field switch
                    {
                        "name" => pool.Name,
                        "property" => property,
                        "value" => Value(pool, property, options.Has('p')),
                        _ => "-",
                    }
                );
                call.Print(string.Join(options.Has('H') ? "\t" : "  ", row));
            }
        }
    }

    private static IEnumerable<SimPool> Pools(ZfsCall call, List<string> names)
    {
        if (names.Count == 0)
            return call.Host.Pools.Values;
        foreach (var name in names.Where(name => !call.Host.Pools.ContainsKey(name)))
            call.Complain($"cannot open '{name}': no such pool");
        return names.Where(call.Host.Pools.ContainsKey).Select(name => call.Host.Pools[name]);
    }

    private static string Value(SimPool pool, string property, bool isParsable)
    {
        var used = pool.SizeBytes - pool.FreeBytes;
        return property switch
        {
            "name" => pool.Name,
            "guid" => pool.Guid.ToString(CultureInfo.InvariantCulture),
            "health" => pool.Health,
            "size" => Bytes(pool.SizeBytes, isParsable),
            "alloc" or "allocated" => Bytes(used, isParsable),
            "free" => Bytes(pool.FreeBytes, isParsable),
            "cap" or "capacity" => Percent(used * 100 / pool.SizeBytes, isParsable),
            "frag" or "fragmentation" => Percent(0, isParsable),
            "dedup" or "dedupratio" => isParsable ? "1.00" : "1.00x",
            "readonly" => "off",
            "altroot" or "checkpoint" or "expandsz" or "expandsize" => "-",
            _ => property.StartsWith("feature@", StringComparison.Ordinal)
                ? "enabled"
                : throw new ZfsFailure($"bad property list: invalid property '{property}'", 2),
        };
    }

    private static string Bytes(long bytes, bool isParsable) =>
        isParsable ? bytes.ToString(CultureInfo.InvariantCulture) : ZfsNumbers.Short(bytes).TrimEnd('B');

    private static string Percent(long value, bool isParsable) => isParsable ? $"{value}" : $"{value}%";

    private static void Status(ZfsCall call)
    {
        var options = ZfsOptions.Parse("zpool status", "c:DegiLpPstT:vx", call.Arguments);
        var pools = Pools(call, options.Operands).Where(pool => !options.Has('x') || pool.Health != "ONLINE").ToList();
        if (pools.Count == 0 && call.ExitCode == 0)
            call.Print(options.Has('x') ? "all pools are healthy" : "no pools available");
        for (var i = 0; i < pools.Count; i++)
        {
            if (i > 0)
                call.Print("");
            One(call, pools[i]);
        }
    }

    private static void One(ZfsCall call, SimPool pool)
    {
        call.Print($"  pool: {pool.Name}");
        call.Print($" state: {pool.Health}");
        if (pool.LastScrub is { } scrub)
        {
            var at = scrub.At.ToString("ddd MMM dd HH:mm:ss yyyy", CultureInfo.InvariantCulture);
            call.Print($"  scan: scrub repaired 0B in 00:00:01 with {scrub.Errors} errors on {at}");
        }
        call.Print("config:");
        call.Print("");
        call.Print("\tNAME        STATE     READ WRITE CKSUM");
        call.Print($"\t{pool.Name, -10}  {pool.Health, -8}     0     0     0");
        call.Print($"\t  {"vdb", -8}  {pool.Health, -8}     0     0     0");
        call.Print("");
        call.Print("errors: No known data errors");
    }
}
