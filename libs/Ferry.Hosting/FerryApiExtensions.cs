using Ferry.Hosting.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ferry.Hosting;

/// <summary>The OpenAPI document of a program that has an API.</summary>
public static class FerryApiExtensions
{
    /// <summary>Adds the document of the program's API.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="document">Its name: the document is at <c>/openapi/{name}.json</c>.</param>
    public static IHostApplicationBuilder AddFerryApi(this IHostApplicationBuilder builder, string document)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // States and priorities are words, as in documents and messages.
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter()));
        builder.Services.AddOpenApi(document, options =>
        {
            options.AddDocumentTransformer<ApiKeySecurity>();
            options.AddOperationTransformer<ApiKeySecurity>();
        });
        return builder;
    }

    /// <summary>Maps the document.</summary>
    public static IEndpointRouteBuilder MapFerryApi(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapOpenApi();
        return endpoints;
    }
}
