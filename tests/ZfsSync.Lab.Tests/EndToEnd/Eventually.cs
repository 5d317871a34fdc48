namespace ZfsSync.Lab.Tests.EndToEnd;

/// <summary>Waits for something real to become true, up to a limit that is far above what it takes.</summary>
internal static class Eventually
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(400);

    public static async Task TrueAsync(Func<Task<bool>> isTrue, TimeSpan limit, Func<string> otherwise)
    {
        var until = TimeProvider.System.GetUtcNow() + limit;
        while (!await isTrue())
        {
            if (TimeProvider.System.GetUtcNow() > until)
                throw new TimeoutException($"Not within {limit.TotalSeconds:0} s. {otherwise()}");
            await Task.Delay(LookAgain, TimeProvider.System);
        }
    }
}
