using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.ApiPage;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Features.Health;
using ZfsSync.Witness.Features.Instructions;
using ZfsSync.Witness.Features.Keys;
using ZfsSync.Witness.Features.Pages;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Features.Pruning;
using ZfsSync.Witness.Features.Reports;
using ZfsSync.Witness.Features.Snapshots;
using ZfsSync.Witness.Features.Sync;
using ZfsSync.Witness.Features.Systems;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness;

/// <summary>The table of contents of the witness.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => WitnessProgram.RunAsync(args);

    /// <summary>The whole witness, not yet started; tests replace its clock through <paramref name="adjust"/>.</summary>
    public static WebApplication Create(WitnessOptions options, Action<IServiceCollection>? adjust = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddHosting(options);
        builder.Services.ConfigureHttpJsonOptions(json => WireOptions.ForAnswers(json.SerializerOptions));
        builder.Services.AddStorage(options);
        builder.Services.AddCallers();
        builder.Services.AddHealth();
        builder.Services.AddSystems();
        builder.Services.AddSnapshots();
        builder.Services.AddReports();
        builder.Services.AddPlanning();
        builder.Services.AddEdgePlanning();
        builder.Services.AddGroups();
        builder.Services.AddEdges();
        builder.Services.AddInstructions();
        builder.Services.AddSync();
        builder.Services.AddPruning();
        builder.Services.AddPages(options);
        builder.Services.AddApiDocument();
        adjust?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<ErrorAnswers>();
        app.UseRouting();
        if (options.CorsOrigins.Count > 0)
            app.UseCors();
        app.UseAuthentication();
        app.UseApiPage();
        app.UseAuthorization();
        app.UseMiddleware<QueryCheck>();

        app.MapHealth();
        var api = app.MapGroup(options.ApiPrefix);
        api.MapSystems();
        api.MapKeys();
        api.MapSnapshots();
        api.MapReports();
        api.MapGroups();
        api.MapEdges();
        api.MapInstructions();
        api.MapSync();
        app.MapPages();
        app.MapApiDocument();
        return app;
    }
}
