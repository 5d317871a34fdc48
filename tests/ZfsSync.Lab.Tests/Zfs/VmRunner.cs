using System.Diagnostics;
using System.Text.Json;
using ZfsSync.Lab.Tests.Lab;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Lab.Tests.Zfs;

/// <summary>
/// Runs a VM's programs and pipes through one connection that stays, one after the other: see <c>server.py</c>. What is read
/// line by line goes over ssh as it does in the product. What says nothing for minutes has failed, and all after it: a zfs that
/// the kernel does not let go of can be neither ended nor waited for.
/// </summary>
internal sealed class VmRunner(LabVm vm, ICommandRunner ssh) : ICommandRunner, IDisposable
{
    private const string ServerInVm = "/root/server.py";

    /// <summary>The slowest command takes seconds; after two minutes the kernel tells what hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string ServerHere = Path.Combine(
        LabScript.Checkout,
        "tests",
        "ZfsSync.Lab.Tests",
        "Zfs",
        "server.py"
    );

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private Process? _server;
    private Command? _hung;

    public async Task<CommandResult> RunAsync(Command command, Action<string>? onLine, CancellationToken cancellation)
    {
        if (onLine is not null)
            return await PatientlyAsync(command, Read, cancellation);
        var (ends, output) = await AskAsync([command], cancellation);
        return ends[0] with { Output = output };

        Task<CommandResult> Read(CancellationTokenSource patience) =>
            ssh.RunAsync(
                command,
                line =>
                {
                    patience.CancelAfter(Patience);
                    onLine(line);
                },
                patience.Token
            );
    }

    /// <summary>Nothing is counted or limited.</summary>
    public async Task<PipeResult> PipeAsync(
        IReadOnlyList<Command> stages,
        PipeOptions options,
        CancellationToken cancellation
    ) => new PipeResult((await AskAsync(stages, cancellation)).Ends, 0);

    public void Dispose()
    {
        End();
        _oneAtATime.Dispose();
    }

    private Task<(IReadOnlyList<CommandResult> Ends, string Output)> AskAsync(
        IReadOnlyList<Command> stages,
        CancellationToken cancellation
    ) => PatientlyAsync(stages[0], patience => AskServerAsync(stages, patience.Token), cancellation);

    private async Task<T> PatientlyAsync<T>(
        Command command,
        Func<CancellationTokenSource, Task<T>> run,
        CancellationToken cancellation
    )
    {
        if (_hung is not null)
            throw new InvalidOperationException($"{vm.Name} hangs since {_hung}.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            return await run(patience);
        }
        catch (OperationCanceledException end) when (!cancellation.IsCancellationRequested)
        {
            _hung = command;
            throw new InvalidOperationException(
                $"{vm.Name} hangs at {command}. What waits in its kernel:\n{await WaitingInKernelAsync()}",
                end
            );
        }
    }

    private async Task<string> WaitingInKernelAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            var said = await LabScript.TryAsync(
                ["ssh", vm.Name, "echo w >/proc/sysrq-trigger; dmesg | tail -n 150"],
                patience.Token
            );
            return said.Output + said.ErrorTail;
        }
        catch (OperationCanceledException)
        {
            return "it does not answer any more";
        }
    }

    private async Task<(IReadOnlyList<CommandResult> Ends, string Output)> AskServerAsync(
        IReadOnlyList<Command> stages,
        CancellationToken cancellation
    )
    {
        var asked = stages.Select(stage => new
        {
            user = stage.On!.User,
            words = (string[])[stage.Program, .. stage.Arguments],
        });
        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            var server = _server ??= await StartAsync();
            await server.StandardInput.WriteLineAsync(JsonSerializer.Serialize(asked).AsMemory(), cancellation);
            await server.StandardInput.FlushAsync(cancellation);
            var answer =
                await server.StandardOutput.ReadLineAsync(cancellation)
                ?? throw new InvalidOperationException($"{vm.Name}: the server of programs ended at {stages[0]}.");
            using var document = JsonDocument.Parse(answer);
            return (
                [
                    .. document
                        .RootElement.GetProperty("ends")
                        .EnumerateArray()
                        .Select(end => new CommandResult(
                            end.GetProperty("exit").GetInt32(),
                            "",
                            end.GetProperty("error").GetString()!
                        )),
                ],
                document.RootElement.GetProperty("output").GetString()!
            );
        }
        catch
        {
            // Whatever it still answers would be taken for the next one's answer.
            End();
            throw;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<Process> StartAsync()
    {
        await vm.PutAsync(ServerHere, ServerInVm);
        return Process.Start(
                new ProcessStartInfo(
                    Path.Combine(LabScript.Checkout, "lab", "lab"),
                    ["ssh", vm.Name, $"exec python3 {ServerInVm}"]
                )
                {
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                }
            ) ?? throw new InvalidOperationException("lab/lab was not started.");
    }

    private void End()
    {
        if (_server is null)
            return;
        _server.Kill(entireProcessTree: true);
        _server.Dispose();
        _server = null;
    }
}
