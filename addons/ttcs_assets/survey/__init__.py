"""What a survey counts, how it is asked of the database, and how it is reported."""

from .catalogue import (
    BY_KEY,
    COMMUNE_COUNTS,
    FROM_LINES,
    INDICATORS,
    RATIOS,
    SECTIONS,
    Terms,
    of_lines,
    ratio_text,
    summed,
)
from .document import commune_document, province_document
from .report import (
    SENT_STATES,
    FigureCheck,
    Narrative,
    PlaceFigures,
    StationFigures,
    SurveyReport,
)
from .statement import COUNTS, ITEM, LINES, records_of
from .station import StationLine
from .workbook import report_workbook
