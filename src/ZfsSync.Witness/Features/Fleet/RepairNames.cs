using System.Text.Json;
using ZfsSync.Core.Replication;

namespace ZfsSync.Witness.Features.Fleet;

/// <summary>Kinds of repair as the wire and the forms name them.</summary>
internal static class RepairNames
{
    public static string Of(RepairKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    public static RepairKind? Parse(string? name)
    {
        foreach (var kind in Enum.GetValues<RepairKind>())
        {
            if (Of(kind) == name)
                return kind;
        }
        return null;
    }
}
