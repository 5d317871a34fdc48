using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Instructions;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Edges;

/// <summary>A person asks the agent that works on an edge to end it. What arrived stays, and is resumed later.</summary>
internal sealed class RunStop(Database database, InstructionStore instructions, AuditStore audit, FleetChanges fleet)
{
    /// <summary>False when nothing runs.</summary>
    public async Task<bool> RequestAsync(string edgeId, Caller caller, CancellationToken cancellation)
    {
        var asked = await database.WriteAsync(
            async session =>
            {
                if (!await instructions.RequestStopAsync(session, edgeId))
                    return false;
                await audit.WriteAsync(session, caller, "stop_run", edgeId, "", fleet.Now);
                return true;
            },
            cancellation
        );
        if (asked)
            fleet.Notify();
        return asked;
    }
}
