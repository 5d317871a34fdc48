using System.Globalization;
using ZfsSync.Simulation.Model;
using ZfsSync.Simulation.Streams;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs send -t token</c>: the rest of a snapshot.</summary>
internal static class SendResume
{
    public static SendStream Build(ZfsCall call, SendRequest request, string token)
    {
        var fields = Decode(token);
        if (request.IsVerbose)
            PrintFields(call, request, fields);
        var name = (string)fields["toname"];
        var toGuid = (ulong)fields["toguid"];
        var path = name.Split('@')[0];
        var to = NearestByGuid.Snapshot(call.Host, path, toGuid);
        if (to is null)
        {
            var why = call.Host.FindSnapshot(name) is null
                ? $"'{name}' used in the initial send no longer exists"
                : $"'{name}' is no longer the same snapshot used in the initial send";
            throw new ZfsFailure($"cannot resume send: {why}", 255);
        }
        SimNode? from = null;
        if (fields.TryGetValue("fromguid", out var fromGuid))
        {
            from =
                NearestByGuid.SnapshotOrBookmark(call.Host, path, (ulong)fromGuid)
                ?? throw new ZfsFailure(
                    $"cannot resume send: incremental source {Hex((ulong)fromGuid)} no longer exists",
                    255
                );
        }
        if (!call.May(to.Owner, "send"))
            throw new ZfsFailure($"warning: cannot send '{to.FullName}': permission denied", 255);
        if (to.Owner.Encryption is not null && !fields.ContainsKey("rawok") && !to.Owner.IsKeyLoaded)
            throw new ZfsFailure($"warning: cannot send '{to.FullName}': source key must be loaded");
        var part = Rest(
            StreamParts.Between(request, to, from, isClone: from is SimSnapshot origin && origin.Owner != to.Owner),
            fields,
            to
        );
        SendCommand.Estimate(call, request, [(part, from)]);
        return new SendStream(to.Owner.FullName, [part]);
    }

    private static Dictionary<string, object> Decode(string token)
    {
        try
        {
            return ResumeTokenText.Decode(token);
        }
        catch (FormatException e)
        {
            throw new ZfsFailure($"cannot resume send: resume token is corrupt ({e.Message})", 255);
        }
    }

    /// <summary>The same stream as at first, without the bytes that arrived.</summary>
    private static StreamPart Rest(StreamPart whole, Dictionary<string, object> fields, SimSnapshot to)
    {
        var received = (long)(ulong)fields["bytes"];
        var isRaw = fields.ContainsKey("rawok");
        var begin = whole.Begin with
        {
            ResumeBytes = received,
            HasLargeBlocks = fields.ContainsKey("largeblockok"),
            IsCompressed = fields.ContainsKey("compressok"),
            HasEmbedded = fields.ContainsKey("embedok"),
            IsRaw = isRaw,
            IvSetGuid = isRaw ? to.IvSetGuid : 0,
        };
        return whole with { Begin = begin, Bytes = Math.Max(whole.Bytes - received, 3 * StreamSize.RecordBytes) };
    }

    private static void PrintFields(ZfsCall call, SendRequest request, Dictionary<string, object> fields)
    {
        var print = request.IsDryRun ? (Action<string>)call.Print : call.Warn;
        print("resume token contents:");
        print("nvlist version: 0");
        foreach (var (name, value) in fields)
            print($"\t{name} = {(value is ulong number ? Hex(number) : value is bool ? "1" : value)}");
    }

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);
}
