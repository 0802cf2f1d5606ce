using System.Text.Json;
using MongoDB.Bson;

namespace Ferry.Hosting.Documents.Mongo;

/// <summary>Queries and updates as MongoDB writes them. Values are only ever BSON values; field names are checked.</summary>
internal static class MongoStatement
{
    /// <summary>A field's name.</summary>
    public static string Name(string field) => DocumentNames.Field(field) == "id" ? "_id" : field;

    /// <summary>The filter of a query.</summary>
    public static BsonDocument Filter(DocumentQuery query) => query.Conditions.Count == 0
        ? []
        : new BsonDocument("$and", new BsonArray(query.Conditions.Select(Condition)));

    /// <summary>The sort of a query; the id decides between equals.</summary>
    public static BsonDocument Sort(DocumentQuery query)
    {
        var sort = new BsonDocument();
        foreach (var (field, descending) in query.Order)
        {
            if (!sort.Contains(Name(field)))
            {
                sort.Add(Name(field), descending ? -1 : 1);
            }
        }

        return sort.Contains("_id") ? sort : sort.Add("_id", 1);
    }

    /// <summary>The update, with the version counted up.</summary>
    public static BsonDocument Update(DocumentUpdate update)
    {
        var increments = new BsonDocument("version", 1L);
        foreach (var (field, by) in update.Increments)
        {
            increments.Add(Name(field), by);
        }

        var bson = new BsonDocument("$inc", increments);
        if (update.Sets.Count > 0)
        {
            bson.Add("$set", new BsonDocument(update.Sets.Select(set => new BsonElement(Name(set.Field), Json(set.Value)))));
        }

        return bson;
    }

    private static BsonValue Json(object? value)
    {
        using var json = JsonDocument.Parse(FieldValue.Json(value));
        return JsonBson.ToBson(json.RootElement);
    }

    private static BsonDocument Condition(FieldCondition condition)
    {
        var name = Name(condition.Field);
        if (condition.Comparison == Comparison.In)
        {
            return new BsonDocument(name, new BsonDocument("$in", new BsonArray(FieldValue.Scalars(condition.Value).Select(JsonBson.Scalar))));
        }

        var value = FieldValue.Scalar(condition.Value);
        if (value is null && condition.Comparison is not (Comparison.Equal or Comparison.NotEqual))
        {
            throw new ArgumentException($"The field {condition.Field} cannot be less or greater than null.", nameof(condition));
        }

        return new BsonDocument(name, new BsonDocument(Operator(condition.Comparison), JsonBson.Scalar(value)));
    }

    private static string Operator(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "$eq",
        Comparison.NotEqual => "$ne",
        Comparison.Less => "$lt",
        Comparison.LessOrEqual => "$lte",
        Comparison.Greater => "$gt",
        Comparison.GreaterOrEqual => "$gte",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "Not a comparison."),
    };
}
