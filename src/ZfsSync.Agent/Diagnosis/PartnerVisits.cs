using System.Globalization;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Ssh;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Diagnosis;

/// <summary>Reaches other hosts as transfers would: with the agent's ssh settings, and asks for their zfs and their clock.</summary>
internal sealed class PartnerVisits(AgentOptions options, ICommandRunner runner, TimeProvider time)
{
    public async Task<IReadOnlyList<SshFacts>> VisitAsync(
        IReadOnlyList<SshTarget> targets,
        CancellationToken cancellation
    )
    {
        var hosts = new List<SshFacts>();
        foreach (var bare in targets.Distinct())
        {
            var target = bare with
            {
                KeyFile = options.SshKeyFile,
                KnownHostsFile = options.SshKnownHostsFile,
                HostKeyPolicy = options.SshHostKeyPolicy,
            };
            hosts.Add(
                SshTargetRules.Fault(target) is { } unsafeTarget
                    ? new SshFacts(target.ToString(), null, unsafeTarget)
                    : await VisitAsync(target, cancellation)
            );
        }
        return hosts;
    }

    private async Task<SshFacts> VisitAsync(SshTarget target, CancellationToken cancellation)
    {
        try
        {
            var release = await new ZfsHost(runner, target).DetectAsync(cancellation);
            return new SshFacts(target.ToString(), release, null)
            {
                ClockSkew = await ClockSkewAsync(target, cancellation),
            };
        }
        catch (ToolException fault)
        {
            return new SshFacts(target.ToString(), null, fault.Message);
        }
    }

    /// <summary>To the second, as date tells it; null when it tells something else.</summary>
    private async Task<TimeSpan?> ClockSkewAsync(SshTarget target, CancellationToken cancellation)
    {
        var asked = time.GetUtcNow();
        var result = await runner.RunAsync(new Command("date", "+%s").At(target), null, cancellation);
        var halfway = asked + ((time.GetUtcNow() - asked) / 2);
        return
            result.ExitCode == 0
            && long.TryParse(result.Output.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) - halfway
            : null;
    }
}
