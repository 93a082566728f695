using System.Linq.Expressions;
using System.Reflection;

namespace Azure.Data.Tables.Filters;

/// <summary>Values in conditions: constants, captured variables, and whatever is computed from them.</summary>
internal static class FilterValue
{
    /// <summary>The value of an expression that does not depend on the row.</summary>
    public static bool TryEvaluate(Expression expression, ParameterExpression row, out object? value)
    {
        value = null;
        RowFinder finder = new(row);
        finder.Visit(expression);
        if (finder.Found)
            return false;
        value = Evaluate(expression);
        return true;
    }

    /// <summary>
    /// The value in the type of the column it is compared with: the compiler compares enums as numbers, the table holds their names; a
    /// whole number that is compared with a 64-bit or floating-point column needs that column's literal.
    /// </summary>
    public static object? AsColumn(object? value, Expression column)
    {
        Type type = Nullable.GetUnderlyingType(column.Type) ?? column.Type;
        if (value is null || value.GetType() == type)
            return value;
        if (type.IsEnum && value is IConvertible and not string)
            return Enum.ToObject(type, value);
        return type == typeof(long) && value is int number ? (long)number
            : type == typeof(double) && value is int or long or float ? Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)
            : value;
    }

    private static object? Evaluate(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } member => field.GetValue(member.Expression is null ? null : Evaluate(member.Expression)),
        MemberExpression { Member: PropertyInfo property } member => property.GetValue(member.Expression is null ? null : Evaluate(member.Expression)),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)(),
    };

    private sealed class RowFinder(ParameterExpression row) : ExpressionVisitor
    {
        public bool Found { get; private set; }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            Found |= node == row;
            return node;
        }
    }
}
