using ZfsSync.Agent.Identity;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Agent.Execution;

/// <summary>The one switch over what an instruction can ask for. Turns every expected fault into an end that explains itself.</summary>
internal sealed class InstructionExecutor(
    Transfer transfer,
    RepairExecution repairs,
    LeaseKeeper leases,
    AgentIdentity identity
)
{
    public async Task<ExecutionEnd> ExecuteAsync(
        ClaimAnswer claim,
        ExecutionProgress progress,
        CancellationToken stopping
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        StopReason? reason = null;
        var watch = WatchAsync();
        try
        {
            await DispatchAsync(claim.Instruction, progress, ending.Token);
            return ExecutionEnd.Done;
        }
        catch (RefusedException fault)
        {
            return ExecutionEnd.Refused(fault);
        }
        catch (ToolException fault)
        {
            return ExecutionEnd.Failed(fault);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            var why = reason ?? StopReason.AgentStops;
            return ExecutionEnd.Failed(why.Kind, why.Text);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // A fault of ours must not leave holds and a lease behind.
            return ExecutionEnd.Failed(ExecutionEnd.Internal, $"{fault.GetType().Name}: {fault.Message}");
        }
        finally
        {
            // In place, not CancelAsync: nothing of an execution goes on elsewhere.
            watching.Cancel();
            await watch;
        }

        async Task WatchAsync()
        {
            reason = await leases.WatchAsync(claim, progress, watching.Token);
            if (reason is not null)
                ending.Cancel();
        }
    }

    private Task DispatchAsync(Instruction plan, ExecutionProgress progress, CancellationToken cancellation)
    {
        if (plan.ExecutorSystemId != identity.SystemId)
            throw Unsupported("The instruction is for another host.");
        if (!EdgeMarks.IsEdgeId(plan.EdgeId))
            throw Unsupported($"The edge id '{plan.EdgeId}' is not 16 hexadecimal digits.");
        foreach (var side in new[] { plan.Source, plan.Target })
        {
            // Without an address its commands would run here.
            if (side.SystemId != identity.SystemId && side.SshHostname is null)
                throw Unsupported($"{side.Hostname} has no ssh name. Set it: zfs-sync host edit {side.Hostname}.");
        }
        return plan.Kind switch
        {
            InstructionKind.Replicate when !Enum.IsDefined(plan.Engine) => throw Unsupported(
                $"This agent does not know the engine {plan.Engine}; it may be too old."
            ),
            InstructionKind.Replicate => transfer.RunAsync(plan, progress, cancellation),
            InstructionKind.Repair => repairs.RunAsync(plan, progress, cancellation),
            _ => throw Unsupported($"This agent does not know instructions of kind {plan.Kind}; it may be too old."),
        };
    }

    private static RefusedException Unsupported(string message) => new(RefusedException.Unsupported, message);
}
