"""One rule for each kind of object; the order of the kinds is that of a plan where it may choose."""

from __future__ import annotations

from typing import Final

from pagespace_codegen.diff.rules.aggregate import AggregateRule
from pagespace_codegen.diff.rules.attachment import AttachmentRule
from pagespace_codegen.diff.rules.base import Rule
from pagespace_codegen.diff.rules.column import ColumnRule
from pagespace_codegen.diff.rules.comment import CommentRule
from pagespace_codegen.diff.rules.composite import CompositeRule
from pagespace_codegen.diff.rules.constraint import ConstraintRule
from pagespace_codegen.diff.rules.default import DefaultRule
from pagespace_codegen.diff.rules.domain import DomainRule
from pagespace_codegen.diff.rules.enum import EnumRule
from pagespace_codegen.diff.rules.extension import ExtensionRule
from pagespace_codegen.diff.rules.foreign_data import ServerRule, UserMappingRule, WrapperRule
from pagespace_codegen.diff.rules.function import FunctionRule
from pagespace_codegen.diff.rules.index import IndexRule
from pagespace_codegen.diff.rules.partition_index import PartitionIndexRule
from pagespace_codegen.diff.rules.policy import PolicyRule
from pagespace_codegen.diff.rules.privileges import DefaultPrivilegesRule, PrivilegesRule
from pagespace_codegen.diff.rules.publication import PublicationMemberRule, PublicationRule
from pagespace_codegen.diff.rules.range import RangeRule
from pagespace_codegen.diff.rules.schema import SchemaRule
from pagespace_codegen.diff.rules.sequence import SequenceOwnerRule, SequenceRule
from pagespace_codegen.diff.rules.statistics import StatisticsRule
from pagespace_codegen.diff.rules.table import TableRule
from pagespace_codegen.diff.rules.trigger import EventTriggerRule, PartitionTriggerRule, RewriteRule, TriggerRule
from pagespace_codegen.diff.rules.view import MaterializedViewRule, ViewRule

RULES: Final[dict[str, Rule]] = {
    "schema": SchemaRule(),
    "extension": ExtensionRule(),
    "language": Rule(),
    "access method": Rule(),
    "collation": Rule(),
    "conversion": Rule(),
    "enum": EnumRule(),
    "domain": DomainRule(),
    "composite": CompositeRule(),
    "range": RangeRule(),
    "text search parser": Rule(),
    "text search template": Rule(),
    "text search dictionary": Rule(),
    "text search configuration": Rule(),
    "foreign data wrapper": WrapperRule(),
    "foreign server": ServerRule(),
    "user mapping": UserMappingRule(),
    "sequence": SequenceRule(),
    "table": TableRule(),
    "attachment": AttachmentRule(),
    "column": ColumnRule(),
    "default": DefaultRule(),
    "sequence owner": SequenceOwnerRule(),
    "function": FunctionRule(),
    "aggregate": AggregateRule(),
    "operator": Rule(),
    "operator family": Rule(),
    "operator class": Rule(),
    "cast": Rule(),
    "transform": Rule(),
    "constraint": ConstraintRule(),
    "index": IndexRule(),
    "partition index": PartitionIndexRule(),
    "view": ViewRule(),
    "materialized view": MaterializedViewRule(),
    "statistics": StatisticsRule(),
    "rule": RewriteRule(),
    "trigger": TriggerRule(),
    "partition trigger": PartitionTriggerRule(),
    "policy": PolicyRule(),
    "foreign key": ConstraintRule(),
    "publication": PublicationRule(),
    "publication member": PublicationMemberRule(),
    "comment": CommentRule(),
    "privileges": PrivilegesRule(),
    "event trigger": EventTriggerRule(),
    "default privileges": DefaultPrivilegesRule(),
}
"""Every kind that an inventory can hold."""

PRIORITY: Final[dict[str, int]] = {kind: place for place, kind in enumerate(RULES)}
