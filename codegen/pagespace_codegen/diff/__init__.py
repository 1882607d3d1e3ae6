"""The diff: two databases of one server -> the SQL that turns one into the other, proved before anyone sees it.

inventory  database -> objects, their facts and what depends on what; the server writes every name and expression
rules      what one kind of object is made, changed and dropped with; the only place that knows kinds
delta      which objects are made, changed, dropped, or dropped and made again because of others
order      operations -> one order, by the graph of dependencies; parts are folded into the wholes they belong to
plan       the ordered operations as statements, with hazards
proof      the plan is run in a scratch database, and must leave no difference
"""
