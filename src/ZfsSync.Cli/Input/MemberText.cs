using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Systems;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Cli.Input;

/// <summary>A member as people write it: <c>HOST</c> or <c>HOST:ROOT</c>. A host's name has no colon; a dataset's may.</summary>
internal sealed record MemberText(string Host, string? Root)
{
    public const string HelpName = "HOST[:ROOT]";

    public static MemberText Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var member = colon < 0 ? new MemberText(text, null) : new MemberText(text[..colon], text[(colon + 1)..]);
        if (member.Host.Length == 0)
            throw CommandFault.Usage(
                $"'{text}' names no host.",
                "Write HOST or HOST:DATASET, for instance beta:backup/hosts/alpha."
            );
        if (member.Root is not null && NameRules.DatasetFault(member.Root) is { } fault)
            throw CommandFault.Usage(
                $"The root '{member.Root}' in '{text}' {fault}.",
                "Write HOST or HOST:DATASET, for instance beta:backup/hosts/alpha."
            );
        return member;
    }

    public GroupMember Resolve(IReadOnlyList<SystemResource> hosts, MemberRole role) =>
        new()
        {
            SystemId = NameLookup.Host(hosts, Host).Id,
            Root = Root,
            Role = role,
        };
}
