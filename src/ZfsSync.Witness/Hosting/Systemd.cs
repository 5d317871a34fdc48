using System.Net.Sockets;
using System.Text;

namespace ZfsSync.Witness.Hosting;

/// <summary>systemd, when it started this program as a service that notifies (sd_notify); otherwise nobody listens.</summary>
internal static class Systemd
{
    /// <summary>Whether what is written to the standard outputs ends in the journal, which others may read.</summary>
    public static bool KeepsOutput => Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };

    public static void Tell(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 1 } path)
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // '@' is how the environment writes the zero byte of an abstract socket.
            socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
            socket.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (SocketException)
        {
            // A witness that serves is worth more than one that ends because nobody was told.
        }
    }
}
