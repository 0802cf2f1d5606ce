using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Ferry.Hosting.Api;

/// <summary>
/// Says in an OpenAPI document what the gateway, and a process of all services, ask of every request: an API key, in its header, as bearer token, or as password of HTTP
/// Basic where nothing is changed; 401 without it.
/// </summary>
internal sealed class ApiKeySecurity : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    private const string Header = "apiKey";
    private const string Bearer = "bearer";
    private const string Basic = "basic";

    /// <inheritdoc/>
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "Ferry";
        document.AddComponent<IOpenApiSecurityScheme>(Header, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ApiKeys.HeaderName, Description = "The API key.",
        });
        document.AddComponent<IOpenApiSecurityScheme>(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = Bearer, Description = "The API key as bearer token.",
        });
        document.AddComponent<IOpenApiSecurityScheme>(Basic, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = Basic, Description = "The API key as password, with any user name; for browsers, and only for what changes nothing.",
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Responses ??= [];
        operation.Responses[StatusCodes.Status401Unauthorized.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse { Description = "There is no API key, or an unknown one." };
        operation.Security ??= [];
        var reads = ApiKeys.ChangesNothing(context.Description.HttpMethod ?? "");
        foreach (var scheme in reads ? [Header, Bearer, Basic] : new[] { Header, Bearer })
        {
            operation.Security.Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] });
        }

        return Task.CompletedTask;
    }
}
