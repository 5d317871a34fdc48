using System.Net;
using System.Text.RegularExpressions;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Witness.Pages;

/// <summary>Enough of a browser for forms: keeps cookies, sends back hidden fields, does not follow redirects.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient http;

    public Browser(TestWitness witness) =>
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies })
        {
            BaseAddress = witness.Address,
        };

    public CookieContainer Cookies { get; } = new();

    public async Task<HttpResponseMessage> GetAsync(string path) => await http.GetAsync(path);

    public async Task<string> PageAsync(string path)
    {
        var answer = await http.GetAsync(path);
        answer.EnsureSuccessStatusCode();
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    public Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) =>
        http.PostAsync(path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));

    /// <summary>Signs in as a person would: loads the form, fills it, sends it.</summary>
    public async Task<HttpResponseMessage> SignInAsync(string key, string returnTo = "/")
    {
        var form = await PageAsync($"/sign-in?return_to={Uri.EscapeDataString(returnTo)}");
        return await PostAsync(
            "/sign-in",
            ("form_token", TokenOf(form)),
            ("return_to", ReturnField().Match(form).Groups[1].Value),
            ("key", key)
        );
    }

    public static string TokenOf(string html) => TokenField().Match(html).Groups[1].Value;

    public void Dispose() => http.Dispose();

    [GeneratedRegex("name=\"form_token\" value=\"([^\"]+)\"")]
    private static partial Regex TokenField();

    [GeneratedRegex("name=\"return_to\" value=\"([^\"]*)\"")]
    private static partial Regex ReturnField();
}
