using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ZfsSync.Agent.Systemd;

/// <summary>
/// Tells systemd how the agent is (sd_notify): READY=1 once it runs, STATUS= in words, WATCHDOG=1 while it lives,
/// STOPPING=1 at the end. Does nothing where no one listens.
/// </summary>
internal sealed class ServiceNotifier : IAsyncDisposable
{
    private readonly string? _socketPath;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _watchdog;

    private ServiceNotifier(string? socketPath, TimeSpan? watchdog, TimeProvider time)
    {
        _socketPath = socketPath;
        Send("READY=1");
        _watchdog = watchdog is { } every ? FeedAsync(every / 2, time) : Task.CompletedTask;
    }

    /// <summary>From the environment that systemd gives a service.</summary>
    public static ServiceNotifier FromEnvironment(TimeProvider time) =>
        new(
            Environment.GetEnvironmentVariable("NOTIFY_SOCKET"),
            long.TryParse(
                Environment.GetEnvironmentVariable("WATCHDOG_USEC"),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var microseconds
            )
                ? TimeSpan.FromMicroseconds(microseconds)
                : null,
            time
        );

    public static ServiceNotifier For(string socketPath, TimeSpan? watchdog, TimeProvider time) =>
        new(socketPath, watchdog, time);

    public void Status(string text) => Send($"STATUS={text.ReplaceLineEndings(" ")}");

    public void Stopping() => Send("STOPPING=1");

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _watchdog;
        _ended.Dispose();
    }

    private async Task FeedAsync(TimeSpan every, TimeProvider time)
    {
        try
        {
            while (true)
            {
                await Task.Delay(every, time, _ended.Token);
                Send("WATCHDOG=1");
            }
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
    }

    private void Send(string text)
    {
        if (string.IsNullOrEmpty(_socketPath))
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // systemd writes an abstract address with an @ where the system wants a zero byte.
            var address = _socketPath[0] == '@' ? $"\0{_socketPath[1..]}" : _socketPath;
            socket.Connect(new UnixDomainSocketEndPoint(address));
            socket.Send(Encoding.UTF8.GetBytes(text));
        }
        catch (SocketException)
        {
            // Nobody listens: being a service is not what the agent is for.
        }
    }
}
