using ZfsSync.Lab.Tests.EndToEnd;
using ZfsSync.Lab.Tests.Lab;

namespace ZfsSync.Lab.Tests.Chaos;

/// <summary>Does one of the faults, and puts back what a host's operator or its service manager would.</summary>
internal static class ChaosStrike
{
    /// <returns>Whether there was something to strike.</returns>
    public static async Task<bool> DoAsync(TwoHosts hosts, ChaosFault fault)
    {
        switch (fault.Kind)
        {
            case ChaosKind.KillAgent:
                return await KillAgentAsync(hosts.Beta);
            case ChaosKind.KillSourceAgent:
                return await KillAgentAsync(hosts.Alpha);
            case ChaosKind.KillSsh:
                return await KillProcessAsync(hosts.Beta, "-x ssh", fault.StrikesAll);
            case ChaosKind.KillSend:
                return await KillProcessAsync(hosts.Alpha, "-f '^zfs send '", fault.StrikesAll);
            case ChaosKind.KillReceive:
                return await KillProcessAsync(hosts.Beta, "-f '^zfs receive '", fault.StrikesAll);
            case ChaosKind.KillWitness:
                await hosts.Witness.KillAsync();
                await hosts.Witness.StartAgainAsync();
                return true;
            case ChaosKind.CutPowerOfSource:
                return await CutPowerAsync(hosts.Alpha);
            case ChaosKind.CutPowerOfTarget:
                return await CutPowerAsync(hosts.Beta);
            default:
                throw new ArgumentOutOfRangeException(nameof(fault), fault.Kind, "There is no such fault.");
        }
    }

    private static async Task<bool> KillAgentAsync(LabVm vm)
    {
        await TwoHosts.KillAgentAsync(vm);
        await TwoHosts.StartAgentAsync(vm);
        return true;
    }

    private static async Task<bool> CutPowerAsync(LabVm vm)
    {
        await vm.CutPowerAsync();
        await vm.BootAsync();
        // As the agent's service does; before, all pools would look as if they were gone.
        // Debian waits there for the volumes' links, of which udev now and then makes none in a VM that is this slow.
        await vm.RunAsync(
            "for try in 1 2 3 4 5 6; do timeout 30 systemctl start zfs.target && exit; udevadm trigger --subsystem-match=block --action=add; done; false"
        );
        await TwoHosts.StartAgentAsync(vm);
        return true;
    }

    /// <summary>Between two transfers there is none: the next one is waited for, for some seconds.</summary>
    private static async Task<bool> KillProcessAsync(LabVm vm, string pattern, bool all) =>
        await vm.RunAsync(
            $"for i in $(seq 60); do pkill -KILL {(all ? "" : "-o ")}{pattern} && echo killed && exit; sleep 0.1; done"
        ) == "killed";
}
