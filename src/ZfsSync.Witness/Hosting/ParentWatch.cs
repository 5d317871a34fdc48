using System.Diagnostics;

namespace ZfsSync.Witness.Hosting;

/// <summary>A witness that <c>zfs-sync up</c> started ends with it, however that ended: killed, it cannot say so.</summary>
internal sealed class ParentWatch(int parentId, IHostApplicationLifetime lifetime) : BackgroundService
{
    public const string Variable = "ZFS_SYNC_PARENT_PID";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var parent = Process.GetProcessById(parentId);
            await parent.WaitForExitAsync(stoppingToken);
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
        lifetime.StopApplication();
    }
}
