using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Header = System.Collections.Generic.KeyValuePair<string, System.Collections.Generic.IEnumerable<string>>;

namespace ZfsSync.Tests.Fleet;

/// <summary>
/// A server without sockets and threads: a request runs through the whole of the witness on the caller's own stack. So
/// one thread and one seed decide everything, and a request costs a tenth of what it costs over a socket.
/// </summary>
internal sealed class InlineServer : IServer
{
    private static int _addresses;
    private Func<IFeatureCollection, Task>? _process;
    private IPAddress _from = IPAddress.Loopback;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _process = async features =>
        {
            var context = application.CreateContext(features);
            Exception? fault = null;
            try
            {
                await application.ProcessRequestAsync(context);
            }
            catch (Exception thrown)
            {
                fault = thrown;
                throw;
            }
            finally
            {
                application.DisposeContext(context, fault);
            }
        };
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() { }

    /// <summary>From now on requests come from another place.</summary>
    public void NextAddress() => _from = new IPAddress(Interlocked.Increment(ref _addresses) + 0x0100_000AL);

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync();
        var features = new FeatureCollection();
        var address = request.RequestUri!;
        var asked = new HttpRequestFeature
        {
            Method = request.Method.Method,
            Scheme = "http",
            Protocol = "HTTP/1.1",
            Path = Uri.UnescapeDataString(address.AbsolutePath),
            RawTarget = address.PathAndQuery,
            QueryString = address.Query,
            Body = new MemoryStream(body, writable: false),
        };
        foreach (var (name, values) in request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<Header>()))
            asked.Headers[name] = values.ToArray();
        asked.Headers.Host = address.Authority;
        if (request.Content is not null)
            asked.Headers.ContentLength = body.Length;
        using var written = new MemoryStream();
        var answer = new Answer();
        var answerBody = new StreamResponseBodyFeature(written);
        features.Set<IHttpRequestFeature>(asked);
        features.Set<IHttpResponseFeature>(answer);
        features.Set<IHttpResponseBodyFeature>(answerBody);
        features.Set<IHttpRequestBodyDetectionFeature>(new BodyDetection(request.Content is not null));
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = _from });
        await _process!(features);
        await answer.StartAsync();
        await answerBody.CompleteAsync();
        return Message(answer, written.ToArray(), request);
    }

    private static HttpResponseMessage Message(Answer answer, byte[] body, HttpRequestMessage request)
    {
        var message = new HttpResponseMessage((HttpStatusCode)answer.StatusCode)
        {
            Content = new ByteArrayContent(body),
            RequestMessage = request,
        };
        foreach (var (name, values) in answer.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                message.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }
        return message;
    }

    private sealed record BodyDetection(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;

    /// <summary>Headers may change until all is written, which nothing here notices.</summary>
    private sealed class Answer : HttpResponseFeature
    {
        private readonly Stack<(Func<object, Task> Call, object State)> _starting = new();

        public override void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

        public override void OnCompleted(Func<object, Task> callback, object state) { }

        public async Task StartAsync()
        {
            while (_starting.TryPop(out var next))
                await next.Call(next.State);
        }
    }
}
